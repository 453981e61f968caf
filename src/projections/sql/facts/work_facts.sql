-- Grain: one row per change of a renovation's turn of work, as the event carries it.
-- Of: permit.
-- Key: permit, round.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as permit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.works',
                '[{
                    "round": "INTEGER",
                    "started_at": "TIMESTAMPTZ",
                    "completed_at": "TIMESTAMPTZ"
                }]'
            )
        ) as w
    from batch
    where topic like 'permit.%'
),

final as (
    select
        events.position,
        events.version,
        events.permit,
        events.recorded_at,
        w.round,
        w.started_at,
        w.completed_at
    from events
)

select * from final
