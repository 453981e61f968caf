-- Grain: one row per change of a renovation's turn of work, as the event carries it.
-- Of: permit.
-- Key: permit, round.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as permit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.works',
            '[{
                "round": "INTEGER",
                "started_at": "TIMESTAMPTZ",
                "completed_at": "TIMESTAMPTZ"
            }]'
        ) as works
    from batch
    where topic like 'permit.%' and (state -> '$.works') is not null
),

unnested as (
    select
        position,
        version,
        permit,
        recorded_at,
        unnest(works) as w
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.permit,
        unnested.recorded_at,
        w.round,
        w.started_at,
        w.completed_at
    from unnested
)

select * from final
