-- Grain: one row per finished case: the latest finished round that its own customer judges.
-- Kept by: complaint.
-- Sorted by: month, centre.
with counted as (
    select
        rounds.*,
        cases.topic,
        cases.channel,
        cases.implied_months,
        cases.status = 'forced' as is_forced,
        cases.category = 'complaint'
        and coalesce(cases.validity, '') = 'valid' as is_valid_complaint,
        strftime(rounds.finished_at, '%Y-%m') as month
    from rounds
    inner join cases on rounds.complaint = cases.complaint
    where
        rounds.finished_at is not null
        and rounds.duty <> 'settled'
        and not rounds.is_void
),

firsts as (
    select
        complaint,
        revisit as first_revisit
    from rounds
    where round = 1
),

latest as (
    select *
    from counted
    qualify row_number() over (partition by complaint order by round desc) = 1
),

final as (
    select
        latest.*,
        firsts.first_revisit
    from latest
    left join firsts on latest.complaint = firsts.complaint
)

select * from final
