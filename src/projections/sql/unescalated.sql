-- Grain: one row per missed promise that no escalation followed, on cases below the top rung.
with final as (
    select
        sla.complaint,
        sla.centre,
        sla.commitment,
        sla.missed_at,
        cases.rung
    from sla
    inner join cases on sla.complaint = cases.complaint
    where
        sla.outcome = 'missed'
        and cases.rung <> 'company'
        and (cases.escalated_at is null or sla.missed_at > cases.escalated_at)
    order by sla.missed_at, sla.complaint, sla.commitment
)

select * from final
