-- Grain: one row per centre, month, handler and reason for which no revisit was owed.
with final as (
    select
        cases.centre,
        strftime(finished.finished_at, '%Y-%m') as month,
        finished.handler as person,
        finished.duty as reason,
        count(*) as cases
    from finished
    inner join cases on finished.complaint = cases.complaint
    where finished.duty in ('on_the_spot', 'anonymous', 'pathless', 'sensitive')
    group by all
)

select * from final
