-- Grain: one row per change of a round of handling, as the event carries it.
-- Of: complaint.
-- Key: complaint, round.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 11) as complaint,
        recorded_at,
        unnest(
            from_json(
                state -> '$.rounds',
                '[{
                    "round": "INTEGER",
                    "started_at": "TIMESTAMPTZ",
                    "ended_at": "TIMESTAMPTZ",
                    "finished_at": "TIMESTAMPTZ",
                    "handler": "VARCHAR",
                    "duty": "VARCHAR",
                    "due_at": "TIMESTAMPTZ",
                    "provisional": "BOOLEAN",
                    "revisit": "VARCHAR",
                    "revisited_at": "TIMESTAMPTZ",
                    "attempts": "INTEGER",
                    "voids": "INTEGER",
                    "replied_after_at": "TIMESTAMPTZ"
                }]'
            )
        ) as r
    from batch
    where topic like 'complaint.%'
),

final as (
    select
        events.position,
        events.version,
        events.complaint,
        events.recorded_at,
        r.round,
        r.started_at,
        r.ended_at,
        r.finished_at,
        r.handler,
        r.duty,
        r.due_at,
        coalesce(r.provisional, false) as provisional,
        r.revisit,
        r.revisited_at,
        coalesce(r.attempts, 0) as attempts,
        coalesce(r.voids, 0) as voids,
        r.replied_after_at
    from events
)

select * from final
