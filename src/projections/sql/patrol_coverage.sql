-- Grain: one row per renovation whose permit was issued, up to the moment asked about.
-- Days are the calendar days of work begun so far: the day of issue, that of completion and, while
-- the work runs, today are counted. A day is missing only when it is over without its patrols, so
-- today lowers the rate until it is patrolled, but is never missing.
with counted as (
    select
        patrols.subject as permit,
        min(patrols.started_at) as first_day,
        max(patrols.started_at) as last_day,
        count(*) as days,
        count(patrols.stopped_at) as patrolled,
        count(*) filter (
            patrols.stopped_at is null and patrols.due_at < moment.as_of
        ) as missing
    from patrols
    cross join moment
    group by all
),

final as (
    select
        counted.permit,
        permits.centre,
        permits.unit,
        strftime(counted.first_day, '%Y-%m-%d') as "from",
        strftime(counted.last_day, '%Y-%m-%d') as "to",
        counted.days,
        counted.patrolled,
        counted.missing,
        counted.patrolled / counted.days as rate
    from counted
    inner join permits on counted.permit = permits.permit
)

select * from final
