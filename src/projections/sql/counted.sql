-- Grain: one row per case that was not voided, with the months in which it is counted.
-- Kept by: complaint.
with finishes as (
    select
        complaint,
        max(finished_at) as finished_at
    from rounds
    group by complaint
),

final as (
    select
        cases.complaint,
        cases.centre,
        strftime(cases.received_at, '%Y-%m') as received_in,
        strftime(finishes.finished_at, '%Y-%m') as finished_in,
        strftime(cases.closed_at, '%Y-%m') as closed_in
    from cases
    left join finishes on cases.complaint = finishes.complaint
    where cases.voided_at is null
)

select * from final
