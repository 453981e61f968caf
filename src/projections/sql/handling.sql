-- Grain: one row per round of handling that owes the customer a weekly contact, with the Monday of
-- its first whole week, its end (null while it runs) and, by their Monday,
-- the contacts made with the customer. Its weeks are clocks: in `clocks` those of a round that is
-- over, in `progress` those of one that runs.
-- Kept by: complaint.
with weeks as (
    select
        complaint,
        date_trunc('week', contacted_at) as week,
        list_sort(list(contacted_at)) as contacted_at
    from contact_known
    group by all
),

contacts as (
    select
        complaint,
        map_from_entries(list((week, contacted_at))) as contacts
    from weeks
    group by complaint
),

spans as (
    select
        'complaint' as kind,
        rounds.complaint as subject,
        rounds.complaint,
        'progress' as commitment,
        rounds.round,
        0 as seq,
        cases.progress_contacts || ' contacts a week' as term,
        false as provisional,
        cases.centre,
        cases.department,
        cases.unit,
        cases.irregular,
        cases.progress_contacts,
        cases.voided_at,
        date_trunc('week', rounds.started_at + interval 7 day - interval 1 second) as first_week,
        least(rounds.ended_at, cases.merged_at, cases.voided_at) as until_at
    from rounds
    inner join cases on rounds.complaint = cases.complaint
    where cases.category in ('complaint', 'repair', 'special_service')
),

final as (
    select
        spans.*,
        contacts.contacts
    from spans
    left join contacts on spans.complaint = contacts.complaint
    where spans.until_at is null or spans.until_at >= spans.first_week + interval 7 day
)

select * from final
