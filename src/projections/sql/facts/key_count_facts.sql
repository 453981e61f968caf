-- Grain: one row per count of a centre's key cabinet.
-- Of: centre.
with events as (
    select
        position,
        substr(originator_id, 8) as centre,
        recorded_at,
        happened_at as counted_at,
        state ->> '$.by' as by,
        state ->> '$.person' as person,
        from_json(
            state,
            '{
                "found": ["VARCHAR"],
                "missing": ["VARCHAR"],
                "unexpected": ["VARCHAR"],
                "unregistered": ["VARCHAR"],
                "irregular": ["VARCHAR"]
            }'
        ) as c
    from batch
    where topic = 'centre.keys_counted.1'
),

final as (
    select
        events.position,
        events.centre,
        events.recorded_at,
        events.counted_at,
        events.by,
        events.person,
        coalesce(c.found, []) as found,
        coalesce(c.missing, []) as missing,
        coalesce(c.unexpected, []) as unexpected,
        coalesce(c.unregistered, []) as unregistered,
        nullif(array_to_string(c.irregular, ','), '') as irregular
    from events
)

select * from final
