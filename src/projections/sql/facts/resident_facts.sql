-- Grain: one row per change of what somebody is to a home, as the event carries it.
-- Of: unit.
-- Key: unit, resident.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.residents',
                '[{
                    "resident": "VARCHAR",
                    "role": "VARCHAR",
                    "family_of": "VARCHAR",
                    "since": "TIMESTAMPTZ",
                    "until": "TIMESTAMPTZ"
                }]'
            )
        ) as r
    from batch
    where topic like 'unit.%'
),

final as (
    select
        events.position,
        events.version,
        events.unit,
        events.recorded_at,
        r.resident,
        r.role,
        r.family_of,
        r.since,
        r.until
    from events
)

select * from final
