-- Grain: one row per finished case, and as what it counts in `revisits` (domain section 3).
with judged as (
    select
        finished.*,
        finished.duty = 'owed'
        and (
            finished.revisit is not null
            or (finished.due_at < moment.as_of and not finished.provisional)
        ) as is_due,
        coalesce(finished.revisit, implied.outcome) as result
    from finished
    cross join moment
    left join implied
        on
            finished.complaint = implied.complaint
            and finished.centre = implied.centre
            and finished.month = implied.month
),

final as (
    select
        complaint,
        centre,
        month,
        handler as person,
        finished_at,
        due_at,
        revisited_at,
        is_valid_complaint as valid_complaint,
        duty as reason,
        first_revisit,
        duty = 'not_owing' as not_owing,
        duty in ('on_the_spot', 'anonymous', 'pathless', 'sensitive') as exempt,
        duty = 'invalid' as invalid,
        duty = 'owed' and not is_due as pending,
        is_due as due,
        is_due and revisit is not null as revisited,
        is_due and coalesce(revisited_at <= due_at and not provisional, false) as on_time,
        voids > 0 and attempts = 0 and revisit is null as void,
        is_due and revisit is null and attempts > 0 as unreachable,
        is_forced as forced,
        coalesce(first_revisit = 'satisfied', false) as first_pass_satisfied,
        coalesce(result = 'satisfied', false) as final_satisfied,
        coalesce(result = 'unsatisfied', false) as unsatisfied,
        coalesce(result = 'undetermined', false) as undetermined
    from judged
)

select * from final
