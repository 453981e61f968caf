-- Grain: one row per change of a violation, as the event carries it.
-- Of: permit.
-- Key: permit, violation.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as permit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.violations',
                '[{
                    "violation": "VARCHAR",
                    "found_at": "TIMESTAMPTZ",
                    "step": "VARCHAR",
                    "since": "TIMESTAMPTZ"
                }]'
            )
        ) as v
    from batch
    where topic like 'permit.%'
),

final as (
    select
        events.position,
        events.version,
        events.permit,
        events.recorded_at,
        v.violation,
        v.found_at,
        v.step,
        v.since
    from events
)

select * from final
