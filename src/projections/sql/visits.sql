-- Grain: one row per visit that was recorded by the moment asked about, with the home's centre.
with final as (
    select
        visit_facts.unit,
        homes.centre,
        visit_facts.kind,
        visit_facts.account,
        visit_facts.person,
        visit_facts.post,
        visit_facts.visited_at,
        -- A call is not a visit.
        visit_facts.kind <> 'renovation_call' as in_person
    from visit_facts
    inner join moment
        on
            visit_facts.recorded_at <= moment.as_of
            and visit_facts.position <= moment.position
    inner join homes on visit_facts.unit = homes.unit
)

select * from final
