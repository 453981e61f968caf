-- Grain: one row per change of a clock, as the event carries it.
-- Of: kind, subject.
-- Key: kind, subject, commitment, round, started_at, seq.
with events as (
    select
        position,
        originator_version as version,
        split_part(originator_id, ':', 1) as kind,
        substr(originator_id, length(split_part(originator_id, ':', 1)) + 2) as subject,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
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
        ) as clocks
    from batch
    where (state -> '$.clocks') is not null
),

unnested as (
    select
        position,
        version,
        kind,
        subject,
        recorded_at,
        unnest(clocks) as clock
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.kind,
        unnested.subject,
        unnested.recorded_at,
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
    from unnested
)

select * from final
