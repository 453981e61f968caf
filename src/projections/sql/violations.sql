-- Grain: one row per violation, with the step it stood on at the moment asked about.
with visible as (
    select violation_facts.*
    from violation_facts
    inner join moment
        on
            violation_facts.recorded_at <= moment.as_of
            and violation_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by permit, violation order by version desc) = 1
),

final as (
    select
        latest.permit,
        latest.violation,
        latest.step,
        latest.since,
        latest.step <> 'corrected' as open,
        latest.found_at,
        permits.centre,
        permits.unit
    from latest
    inner join permits on latest.permit = permits.permit
)

select * from final
