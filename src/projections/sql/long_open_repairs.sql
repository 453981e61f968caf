-- Grain: one row per repair case or defect that has been open for longer than the policy's days.
-- Days are calendar days since the receipt or the report, whatever was done and sent back since; the
-- policy is the one in force at the moment asked about.
with open_cases as (
    select
        'complaint' as kind,
        cases.complaint as subject,
        cases.centre,
        cases.unit,
        cases.complaint,
        rounds.round as turn,
        cases.received_at as opened_at,
        cases.status,
        cases.irregular
    from cases
    inner join rounds on cases.complaint = rounds.complaint
    where
        cases.category = 'repair'
        and cases.voided_at is null
        and cases.merged_into is null
        and rounds.ended_at is null
),

open_defects as (
    select
        'defect' as kind,
        defect as subject,
        centre,
        unit,
        complaint,
        turn,
        reported_at as opened_at,
        status,
        irregular
    from defects
    where finished_at is null
),

repairs as (
    select * from open_cases

    union all by name

    select * from open_defects
),

tolerated as (
    select
        moment.as_of,
        policies.long_open_repair_days as most
    from moment
    inner join policies
        on
            moment.as_of >= policies.starts_at
            and (policies.until is null or moment.as_of < policies.until)
),

final as (
    select
        repairs.*,
        date_diff('day', repairs.opened_at::date, tolerated.as_of::date) as days
    from repairs
    inner join tolerated
        on
            date_diff('day', repairs.opened_at::date, tolerated.as_of::date) > tolerated.most
)

select * from final
