-- Grain: one row per missed promise that no escalation followed, on cases below the top rung.
with final as (
    select
        sla.complaint,
        sla.centre,
        sla.commitment,
        sla.missed_at,
        cases.rung,
        sla.round,
        sla.started_at,
        sla.seq
    from sla
    inner join cases on sla.complaint = cases.complaint
    where
        sla.outcome = 'missed'
        and cases.rung <> 'company'
        and (cases.escalated_at is null or sla.missed_at > cases.escalated_at)
)

select * from final
