-- Grain: one row per ISO week that lies wholly inside a round's handling and has begun.
-- Weeks come without an event, so this clock is made here from rounds and contacts.
with handling as (
    select
        rounds.complaint,
        rounds.round,
        rounds.started_at,
        cases.progress_contacts,
        cases.voided_at,
        coalesce(
            least(rounds.ended_at, cases.merged_at, cases.voided_at), timestamptz 'infinity'
        ) as until_at
    from rounds
    inner join cases on rounds.complaint = cases.complaint
    where cases.category in ('complaint', 'repair', 'special_service')
),

whole as (
    select
        handling.complaint,
        handling.round,
        handling.progress_contacts,
        handling.voided_at,
        weeks.started_at,
        weeks.due_at
    from handling
    inner join weeks
        on
            handling.started_at <= weeks.started_at
            and handling.until_at >= weeks.following_at
),

contacted as (
    select
        contact_facts.complaint,
        date_trunc('week', contact_facts.contacted_at) as started_at,
        list_sort(list(contact_facts.contacted_at)) as contacted_at
    from contact_facts
    inner join moment
        on
            contact_facts.recorded_at <= moment.as_of
            and contact_facts.position <= moment.position
    group by all
),

final as (
    select
        'complaint' as kind,
        whole.complaint as subject,
        whole.complaint,
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
        on whole.complaint = contacted.complaint and whole.started_at = contacted.started_at
)

select * from final
