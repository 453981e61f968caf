-- Grain: one row per event of an export in clear.
-- Of: export.
with final as (
    select
        position,
        substr(originator_id, 8) as export,
        split_part(topic, '.', 2) as status,
        state ->> '$.centre' as centre,
        state ->> '$.by' as account,
        state ->> '$.person' as person,
        array_to_string(from_json(state -> '$.fields_asked', '["VARCHAR"]'), ', ') as fields,
        state ->> '$.purpose' as purpose,
        json_array_length(state -> '$.about')::integer as homes,
        happened_at,
        recorded_at
    from batch
    where topic like 'export.%'
)

select * from final
