-- Grain: one row per centre, month, handler and reason for which no revisit was owed.
with final as (
    select
        centre,
        month,
        handler as person,
        duty as reason,
        count(*) as cases
    from finished
    where duty in ('on_the_spot', 'anonymous', 'pathless', 'sensitive')
    group by all
)

select * from final
