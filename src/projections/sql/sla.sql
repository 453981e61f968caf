-- Grain: one row per promise, judged at the moment asked about.
with promises as (
    select * from clocks
    union all by name
    select * from progress
    union all by name
    select * from patrols
),

judged as (
    select
        promises.*,
        case
            when promises.ended = 'void' then 'void'
            when promises.ended = 'moved_by_company' then 'missed'
            when promises.provisional then 'open'
            when promises.ended = 'superseded' and promises.ended_at <= promises.due_at
                then 'superseded'
            when promises.stopped_at <= promises.due_at then 'met'
            when promises.stopped_at is not null then 'missed'
            when promises.due_at < moment.as_of then 'missed'
            else 'open'
        end as outcome,
        moment.as_of
    from promises
    cross join moment
),

final as (
    select
        judged.kind,
        judged.subject,
        judged.complaint,
        subjects.centre,
        subjects.department,
        judged.commitment,
        judged.round,
        judged.started_at,
        judged.due_at,
        judged.stopped_at,
        judged.outcome,
        judged.provisional,
        case
            when judged.outcome = 'missed' and coalesce(judged.ended, '') <> 'moved_by_company'
                then
                    date_diff(
                        'second', judged.due_at, coalesce(judged.stopped_at, judged.as_of)
                    )
        end as late_seconds,
        subjects.irregular,
        case
            when judged.outcome = 'missed'
                then if(judged.ended = 'moved_by_company', judged.ended_at, judged.due_at)
        end as missed_at,
        judged.term,
        judged.policy,
        judged.calendar,
        judged.cause,
        judged.ended_at,
        if(judged.commitment = 'control', subjects.customer_caused_days, null)
            as customer_caused,
        subjects.unit,
        judged.seq
    from judged
    left join subjects
        on judged.kind = subjects.kind and judged.subject = subjects.subject
)

select * from final
