-- Grain: one row per change of a parking space of a home, as the event carries it.
-- Of: unit.
-- Key: unit, space.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.parking',
            '[{
                "space": "VARCHAR",
                "resident": "VARCHAR",
                "since": "TIMESTAMPTZ",
                "until": "TIMESTAMPTZ"
            }]'
        ) as spaces
    from batch
    where topic like 'unit.%' and (state -> '$.parking') is not null
),

unnested as (
    select
        position,
        version,
        unit,
        recorded_at,
        unnest(spaces) as s
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.unit,
        unnested.recorded_at,
        s.space,
        s.resident,
        s.since,
        s.until
    from unnested
)

select * from final
