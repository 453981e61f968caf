-- Grain: one row per breaking of the glass.
-- Of: glass.
with final as (
    select
        position,
        substr(originator_id, 7) as glass,
        state ->> '$.about.centre' as centre,
        state ->> '$.about.unit' as unit,
        array_to_string(from_json(state -> '$.irregular', '["VARCHAR"]'), ', ') as irregular,
        recorded_at
    from batch
    where topic = 'glass.broken.1'
)

select * from final
