-- Grain: one row per centre, month of the latest finish, and scope (domain section 3).
with scopes as (
    select unnest(['all', 'complaints']) as scope
),

scoped as (
    select
        scopes.scope,
        revisit_cases.*
    from revisit_cases
    inner join scopes on scopes.scope = 'all' or revisit_cases.valid_complaint
),

counted as (
    select
        months.centre,
        months.month,
        scopes.scope,
        count(scoped.centre) as finished,
        count(*) filter (where scoped.not_owing) as not_owing,
        count(*) filter (where scoped.exempt) as exempt,
        count(*) filter (where scoped.invalid) as invalid,
        count(*) filter (where scoped.pending) as pending,
        count(*) filter (where scoped.due) as due,
        count(*) filter (where scoped.revisited) as revisited,
        count(*) filter (where scoped.on_time) as on_time,
        count(*) filter (where scoped.void) as void,
        count(*) filter (where scoped.unreachable) as unreachable,
        count(*) filter (where scoped.forced) as forced,
        count(*) filter (where scoped.first_pass_satisfied) as first_pass_satisfied,
        count(*) filter (where scoped.final_satisfied) as final_satisfied,
        count(*) filter (where scoped.unsatisfied) as unsatisfied,
        count(*) filter (where scoped.undetermined) as undetermined
    from months
    cross join scopes
    left join scoped
        on
            months.centre = scoped.centre
            and months.month = scoped.month
            and scopes.scope = scoped.scope
    group by months.centre, months.month, scopes.scope
),

final as (
    select
        *,
        if(due = 0, null, revisited / due) as rate
    from counted
)

select * from final
