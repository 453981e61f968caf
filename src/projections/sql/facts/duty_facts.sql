-- Grain: one row per duty done and, of a training, person who was there.
-- Of: centre.
with final as (
    select
        position,
        substr(originator_id, 8) as centre,
        state ->> '$.duty' as duty,
        state ->> '$.period' as period,
        state ->> '$.person' as person,
        state ->> '$.circular' as circular,
        unnest(
            coalesce(
                nullif(from_json(state -> '$.trained', '["VARCHAR"]'), []), [null::varchar]
            )
        ) as trained,
        happened_at as done_at,
        recorded_at
    from batch
    where topic = 'centre.duty_recorded.1'
)

select * from final
