-- Grain: one row per centre, period (week or month), its first day and kind of defect; the kind `all`
-- sums them up [001].
-- A defect belongs to the period in which it was reported. Only what was reported as inside the
-- warranty counts; defects outside it and those of the design are counted beside. The completion
-- rate is finished / reported, finished meaning: put right and not sent back by the moment asked
-- about. The target is that of the policy in force when the period began. An explanation of all
-- kinds explains each kind, one of a single kind only that.
with reported as (
    select
        *,
        'week' as period,
        date_trunc('week', reported_at) as starts_at
    from defects

    union all by name

    select
        *,
        'month' as period,
        date_trunc('month', reported_at) as starts_at
    from defects
),

judged as (
    select
        *,
        not design and warranty = 'inside' as counts
    from reported
),

counted as (
    select
        centre,
        period,
        starts_at,
        coalesce(kind, 'all') as kind,
        count(*) filter (counts) as reported,
        count(*) filter (counts and notified_at is not null) as notified,
        count(*) filter (counts and finished_at is not null) as finished,
        count(*) filter (counts and verified_at is not null) as verified,
        count(*) filter (not design and warranty = 'outside') as outside,
        count(*) filter (design) as design
    from judged
    group by grouping sets (
        (centre, period, starts_at, kind), (centre, period, starts_at)
    )
),

explanations as (
    select distinct
        centre,
        period,
        starts_on,
        coalesce(kind, 'all') as kind
    from explanation_known
),

rated as (
    select
        warranty_periods.*,
        coalesce(counted.reported, 0) as reported,
        coalesce(counted.notified, 0) as notified,
        coalesce(counted.finished, 0) as finished,
        coalesce(counted.verified, 0) as verified,
        coalesce(counted.outside, 0) as outside,
        coalesce(counted.design, 0) as design
    from warranty_periods
    left join counted
        on
            warranty_periods.centre = counted.centre
            and warranty_periods.period = counted.period
            and warranty_periods.starts_at = counted.starts_at
            and warranty_periods.kind = counted.kind
),

final as (
    select
        rated.centre,
        rated.period,
        strftime(rated.starts_at, '%Y-%m-%d') as period_start,
        rated.kind,
        rated.reported,
        rated.notified,
        rated.finished,
        rated.verified,
        rated.reported - rated.finished as open,
        rated.finished / nullif(rated.reported, 0) as completion_rate,
        policies.warranty_completion_percent / 100 as target,
        coalesce(
            rated.finished * 100 < rated.reported * policies.warranty_completion_percent, false
        ) as below_target,
        exists(
            select 1
            from explanations
            where
                explanations.centre = rated.centre
                and explanations.period = rated.period
                and explanations.starts_on = rated.starts_at::date
                and explanations.kind in ('all', rated.kind)
        ) as explained,
        rated.outside,
        rated.design,
        strftime(rated.starts_at, '%Y-%m') as month
    from rated
    inner join policies
        on
            rated.starts_at >= policies.effective_from
            and (policies.until is null or rated.starts_at < policies.until)
)

select * from final
