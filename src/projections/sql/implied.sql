-- Grain: one row per finished case whose customer cannot be asked, with its implied outcome.
with candidates as (
    select
        rounds.complaint,
        cases.centre,
        cases.topic,
        cases.channel,
        rounds.finished_at,
        rounds.replied_after_at,
        (
            (rounds.finished_at::date + to_months(cases.implied_months))::date
            + time '23:59:59'
        )::timestamptz as settled_at
    from finished as rounds
    inner join cases on rounds.complaint = cases.complaint
    where rounds.duty in ('anonymous', 'pathless')
),

recurrences as (
    select distinct candidates.complaint
    from candidates
    inner join cases
        on
            candidates.centre = cases.centre
            and candidates.topic = cases.topic
            and candidates.complaint <> cases.complaint
    where
        cases.voided_at is null
        and cases.received_at > candidates.finished_at
        and cases.received_at <= candidates.settled_at
),

final as (
    select
        candidates.complaint,
        candidates.settled_at,
        case
            when recurrences.complaint is not null then 'unsatisfied'
            when moment.as_of <= candidates.settled_at then 'undetermined'
            when candidates.channel not in ('web', 'forum') then 'neutral'
            when candidates.replied_after_at is not null then 'satisfied'
            else 'undetermined'
        end as outcome
    from candidates
    cross join moment
    left join recurrences on candidates.complaint = recurrences.complaint
)

select * from final
