-- Grain: one row per assignment of an area and home in it; an empty area has one row without home.
-- Of: centre.
with final as (
    select
        position,
        substr(originator_id, 8) as centre,
        state ->> '$.staff' as staff,
        state ->> '$.holder' as person,
        unnest(
            coalesce(
                nullif(from_json(state -> '$.units', '["VARCHAR"]'), []), [null::varchar]
            )
        ) as unit,
        happened_at as since,
        recorded_at
    from batch
    where topic = 'centre.area_assigned.1'
)

select * from final
