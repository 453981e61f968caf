-- Grain: one row per centre, month of the latest finish, and scope (domain section 3).
with judged as (
    select
        finished.centre,
        finished.month,
        finished.is_valid_complaint,
        finished.duty,
        finished.is_forced,
        finished.revisit is not null as is_revisited,
        finished.revisited_at <= finished.due_at and not finished.provisional as is_on_time,
        finished.attempts > 0 as was_attempted,
        finished.voids > 0
        and finished.attempts = 0
        and finished.revisit is null as is_void,
        finished.first_revisit = 'satisfied' as is_first_satisfied,
        coalesce(finished.revisit, implied.outcome) as result,
        finished.duty = 'owed'
        and (
            finished.revisit is not null
            or (finished.due_at < moment.as_of and not finished.provisional)
        ) as is_due
    from finished
    cross join moment
    left join implied
        on
            finished.complaint = implied.complaint
            and finished.centre = implied.centre
            and finished.month = implied.month
),

scopes as (
    select unnest(['all', 'complaints']) as scope
),

scoped as (
    select
        scopes.scope,
        judged.*
    from judged
    inner join scopes on scopes.scope = 'all' or judged.is_valid_complaint
),

counted as (
    select
        months.centre,
        months.month,
        scopes.scope,
        count(scoped.centre) as finished,
        count(*) filter (where scoped.duty = 'not_owing') as not_owing,
        count(*) filter (
            where scoped.duty in ('on_the_spot', 'anonymous', 'pathless', 'sensitive')
        ) as exempt,
        count(*) filter (where scoped.duty = 'invalid') as invalid,
        count(*) filter (where scoped.duty = 'owed' and not scoped.is_due) as pending,
        count(*) filter (where scoped.is_due) as due,
        count(*) filter (where scoped.is_due and scoped.is_revisited) as revisited,
        count(*) filter (where scoped.is_due and scoped.is_on_time) as on_time,
        count(*) filter (where scoped.is_void) as void,
        count(*) filter (
            where scoped.is_due and not scoped.is_revisited and scoped.was_attempted
        ) as unreachable,
        count(*) filter (where scoped.is_forced) as forced,
        count(*) filter (where scoped.is_first_satisfied) as first_pass_satisfied,
        count(*) filter (where scoped.result = 'satisfied') as final_satisfied,
        count(*) filter (where scoped.result = 'unsatisfied') as unsatisfied,
        count(*) filter (where scoped.result = 'undetermined') as undetermined
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
