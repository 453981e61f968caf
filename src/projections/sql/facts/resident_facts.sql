-- Grain: one row per change of what somebody is to a home, as the event carries it.
-- Of: unit.
-- Key: unit, resident.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.residents',
            '[{
                "resident": "VARCHAR",
                "role": "VARCHAR",
                "family_of": "VARCHAR",
                "since": "TIMESTAMPTZ",
                "until": "TIMESTAMPTZ"
            }]'
        ) as residents
    from batch
    where topic like 'unit.%' and (state -> '$.residents') is not null
),

unnested as (
    select
        position,
        version,
        unit,
        recorded_at,
        unnest(residents) as r
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.unit,
        unnested.recorded_at,
        r.resident,
        r.role,
        r.family_of,
        r.since,
        r.until
    from unnested
)

select * from final
