-- Grain: one row per clock, as it stood at the moment asked about, with where its subject belongs
-- and, if that does not depend on the moment, its verdict.
-- Kept by: kind, subject.
-- Sorted by: verdict nulls first, centre.
with latest as (
    select * exclude (position, version, recorded_at)
    from clock_known
    where ended is distinct from 'withdrawn'
),

judged as (
    select
        latest.* replace (
            if(latest.commitment = 'control', latest.customer_caused, null) as customer_caused
        ),
        if(latest.kind = 'complaint', latest.subject, null) as complaint,
        subjects.centre,
        subjects.department,
        subjects.unit,
        subjects.irregular,
        case
            when latest.ended = 'void' then 'void'
            when latest.ended = 'moved_by_company' then 'missed'
            when latest.provisional then 'open'
            when latest.ended = 'superseded' and latest.ended_at <= latest.due_at
                then 'superseded'
            when latest.stopped_at <= latest.due_at then 'met'
            when latest.stopped_at is not null then 'missed'
        end as verdict
    from latest
    left join subjects
        on latest.kind = subjects.kind and latest.subject = subjects.subject
),

final as (
    select * from judged
    union all by name
    select * from past_progress
)

select * from final
