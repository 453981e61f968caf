-- Grain: one row per home whose steward changed, as the event of the assignment carries it.
with events as (
    select
        position,
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
        centre,
        recorded_at,
        unnest(areas) as a
    from events
),

final as (
    select
        unnested.position,
        unnested.centre,
        unnested.recorded_at,
        a.unit,
        a.staff,
        a.person,
        a.since
    from unnested
)

select * from final
