-- Grain: one row per promise, judged at the moment asked about.
with settled as (
    select
        *,
        verdict as outcome
    from clocks
    where verdict is not null
),

running as (
    select *
    from clocks
    where verdict is null
    union all by name
    select * from progress
    union all by name
    select * from patrols
),

judged as (
    select * from settled
    union all by name
    select
        running.*,
        coalesce(
            running.verdict, if(running.due_at < moment.as_of, 'missed', 'open')
        ) as outcome
    from running
    cross join moment
),

final as (
    select
        judged.kind,
        judged.subject,
        judged.complaint,
        judged.centre,
        judged.department,
        judged.commitment,
        judged.round,
        judged.started_at,
        judged.due_at,
        judged.stopped_at,
        judged.outcome,
        judged.provisional,
        case
            when judged.outcome = 'missed' and coalesce(judged.ended, '') <> 'moved_by_company'
                then date_diff('second', judged.due_at, coalesce(judged.stopped_at, moment.as_of))
        end as late_seconds,
        judged.irregular,
        case
            when judged.outcome = 'missed'
                then if(judged.ended = 'moved_by_company', judged.ended_at, judged.due_at)
        end as missed_at,
        judged.term,
        judged.policy,
        judged.calendar,
        judged.cause,
        judged.ended_at,
        judged.customer_caused,
        judged.unit,
        judged.seq
    from judged
    cross join moment
)

select * from final
