-- Grain: one row per change of a parking space of a home, as the event carries it.
-- Of: unit.
-- Key: unit, space.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.parking',
                '[{
                    "space": "VARCHAR",
                    "resident": "VARCHAR",
                    "since": "TIMESTAMPTZ",
                    "until": "TIMESTAMPTZ"
                }]'
            )
        ) as s
    from batch
    where topic like 'unit.%'
),

final as (
    select
        events.position,
        events.version,
        events.unit,
        events.recorded_at,
        s.space,
        s.resident,
        s.since,
        s.until
    from events
)

select * from final
