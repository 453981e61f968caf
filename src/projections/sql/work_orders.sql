-- Grain: one row per work order, as it stood by what had been recorded at the moment asked about.
with visible as (
    select work_order_facts.*
    from work_order_facts
    inner join moment
        on
            work_order_facts.recorded_at <= moment.as_of
            and work_order_facts.position <= moment.position
),

latest as (
    select * exclude (position, version, recorded_at)
    from visible
    qualify row_number() over (partition by complaint, number order by version desc) = 1
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
