-- Grain: one row per work order, as it stood by what had been recorded at the moment asked about.
-- Kept by: complaint.
-- Only with: work_order_facts.
with latest as (
    select * exclude (position, version, recorded_at)
    from work_order_known
),

final as (
    select
        latest.*,
        cases.department,
        cases.unit,
        cases.category,
        cases.irregular
    from latest
    inner join cases on latest.complaint = cases.complaint
)

select * from final
