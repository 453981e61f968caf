-- Grain: one row per ISO week that lies wholly inside a round's handling and has begun.
-- Weeks come without an event, so this clock is made here from rounds and contacts.
with handling as (
    select
        rounds.complaint,
        rounds.round,
        cases.progress_contacts,
        cases.voided_at,
        least(rounds.ended_at, cases.merged_at, cases.voided_at) as ended_at,
        date_trunc('week', rounds.started_at - interval 1 second) + interval 7 day as first_monday
    from rounds
    inner join cases on rounds.complaint = cases.complaint
    where cases.category in ('complaint', 'repair', 'special_service')
),

weeks as (
    select
        handling.complaint,
        handling.round,
        handling.progress_contacts,
        handling.voided_at,
        handling.ended_at,
        unnest(
            generate_series(handling.first_monday, moment.as_of, interval 7 day)
        ) as started_at
    from handling
    cross join moment
),

whole as (
    select
        *,
        started_at + interval 7 day - interval 1 second as due_at
    from weeks
    where ended_at is null or ended_at >= started_at + interval 7 day
),

contacts as (
    select contact_facts.*
    from contact_facts
    inner join moment
        on
            contact_facts.recorded_at <= moment.as_of
            and contact_facts.position <= moment.position
),

contacted as (
    select
        whole.complaint,
        whole.round,
        whole.started_at,
        list_sort(list(contacts.contacted_at)) as contacted_at
    from whole
    inner join contacts
        on
            whole.complaint = contacts.complaint
            and contacts.contacted_at between whole.started_at and whole.due_at
    group by all
),

final as (
    select
        'complaint' as kind,
        whole.complaint as subject,
        'progress' as commitment,
        whole.round,
        whole.started_at,
        0 as seq,
        whole.due_at,
        whole.progress_contacts || ' contacts a week' as term,
        null::varchar as policy,
        null::varchar as calendar,
        false as provisional,
        contacted.contacted_at[whole.progress_contacts] as stopped_at,
        if(whole.voided_at is null, null, 'void') as ended,
        whole.voided_at as ended_at,
        case
            when whole.voided_at is not null then 'void'
            when contacted.contacted_at[whole.progress_contacts] is not null then 'contact'
        end as cause
    from whole
    left join contacted
        on
            whole.complaint = contacted.complaint
            and whole.round = contacted.round
            and whole.started_at = contacted.started_at
)

select * from final
