-- Grain: one row per change of a violation, as the event carries it.
-- Of: permit.
-- Key: permit, violation.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as permit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.violations',
            '[{
                "violation": "VARCHAR",
                "found_at": "TIMESTAMPTZ",
                "step": "VARCHAR",
                "since": "TIMESTAMPTZ"
            }]'
        ) as violations
    from batch
    where topic like 'permit.%' and (state -> '$.violations') is not null
),

unnested as (
    select
        position,
        version,
        permit,
        recorded_at,
        unnest(violations) as v
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.permit,
        unnested.recorded_at,
        v.violation,
        v.found_at,
        v.step,
        v.since
    from unnested
)

select * from final
