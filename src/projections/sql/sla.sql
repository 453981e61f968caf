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
        ) as outcome,
        moment.as_of
    from running
    cross join moment
),

final as (
    select
        kind,
        subject,
        complaint,
        centre,
        department,
        commitment,
        round,
        started_at,
        due_at,
        stopped_at,
        outcome,
        provisional,
        case
            when outcome = 'missed' and coalesce(ended, '') <> 'moved_by_company'
                then date_diff('second', due_at, coalesce(stopped_at, as_of))
        end as late_seconds,
        irregular,
        case
            when outcome = 'missed'
                then if(ended = 'moved_by_company', ended_at, due_at)
        end as missed_at,
        term,
        policy,
        calendar,
        cause,
        ended_at,
        customer_caused,
        unit,
        seq
    from judged
)

select * from final
