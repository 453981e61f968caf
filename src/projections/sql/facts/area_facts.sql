-- Grain: one row per change of who answers for a home, as the event carries it.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as centre,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.areas',
            '[{
                "unit": "VARCHAR",
                "staff": "VARCHAR",
                "person": "VARCHAR",
                "since": "TIMESTAMPTZ"
            }]'
        ) as areas
    from batch
    where topic = 'centre.area_assigned.1' and (state -> '$.areas') is not null
),

unnested as (
    select
        position,
        version,
        centre,
        recorded_at,
        unnest(areas) as r
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.centre,
        unnested.recorded_at,
        r.unit,
        r.staff,
        r.person,
        r.since
    from unnested
)

select * from final
