-- Grain: one row per finished case whose customer cannot be asked, with its implied outcome.
with candidates as (
    select
        complaint,
        centre,
        month,
        topic,
        channel,
        finished_at,
        replied_after_at,
        (
            (finished_at::date + to_months(implied_months))::date + time '23:59:59'
        )::timestamptz as settled_at
    from finished
    where duty in ('anonymous', 'pathless')
),

recurrences as (
    select
        candidates.complaint,
        candidates.centre,
        candidates.month,
        candidates.channel,
        candidates.replied_after_at,
        candidates.settled_at,
        count(cases.complaint) as recurred
    from candidates
    left join cases
        on
            candidates.centre = cases.centre
            and candidates.topic = cases.topic
            and candidates.complaint <> cases.complaint
            and cases.voided_at is null
            and candidates.finished_at < cases.received_at
            and candidates.settled_at >= cases.received_at
    group by all
),

final as (
    select
        recurrences.complaint,
        recurrences.centre,
        recurrences.month,
        case
            when recurrences.recurred > 0 then 'unsatisfied'
            when moment.as_of <= recurrences.settled_at then 'undetermined'
            when recurrences.channel not in ('web', 'forum') then 'neutral'
            when recurrences.replied_after_at is not null then 'satisfied'
            else 'undetermined'
        end as outcome
    from recurrences
    cross join moment
)

select * from final
