-- Grain: one row per violation, with the step it stood on at the moment asked about.
-- Kept by: permit.
-- Only with: violation_facts.
with final as (
    select
        violation_known.permit,
        violation_known.violation,
        violation_known.step,
        violation_known.since,
        violation_known.step <> 'corrected' as open,
        violation_known.found_at,
        permits.centre,
        permits.unit
    from violation_known
    inner join permits on violation_known.permit = permits.permit
)

select * from final
