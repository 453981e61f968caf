-- Grain: one row per change of a clock, as the event carries it.
-- Of: kind, subject.
-- Key: kind, subject, commitment, round, started_at, seq.
with events as (
    select
        position,
        originator_version as version,
        split_part(originator_id, ':', 1) as kind,
        substr(originator_id, length(split_part(originator_id, ':', 1)) + 2) as subject,
        recorded_at,
        unnest(
            from_json(
                state -> '$.clocks',
                '[{
                    "commitment": "VARCHAR",
                    "round": "INTEGER",
                    "started_at": "TIMESTAMPTZ",
                    "seq": "INTEGER",
                    "due_at": "TIMESTAMPTZ",
                    "limit": "VARCHAR",
                    "policy": "VARCHAR",
                    "calendar": "VARCHAR",
                    "provisional": "BOOLEAN",
                    "stopped_at": "TIMESTAMPTZ",
                    "ended": "VARCHAR",
                    "ended_at": "TIMESTAMPTZ",
                    "cause": "VARCHAR",
                    "customer_caused": "INTEGER"
                }]'
            )
        ) as clock
    from batch
),

final as (
    select
        events.position,
        events.version,
        events.kind,
        events.subject,
        events.recorded_at,
        clock.commitment,
        clock.round,
        clock.started_at,
        coalesce(clock.seq, 0) as seq,
        clock.due_at,
        clock.limit as term,
        clock.policy,
        clock.calendar,
        coalesce(clock.provisional, false) as provisional,
        clock.stopped_at,
        clock.ended,
        clock.ended_at,
        clock.cause,
        coalesce(clock.customer_caused, 0) as customer_caused
    from events
)

select * from final
