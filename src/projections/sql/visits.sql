-- Grain: one row per visit that was recorded by the moment asked about, with the home's centre.
with final as (
    select
        visit_known.unit,
        homes.centre,
        visit_known.kind,
        visit_known.account,
        visit_known.person,
        visit_known.post,
        visit_known.visited_at,
        -- A call is not a visit.
        visit_known.kind <> 'renovation_call' as in_person
    from visit_known
    inner join homes on visit_known.unit = homes.unit
)

select * from final
