-- Grain: one row per renovation and calendar day of work that has begun, stopped work included.
-- Days come without an event, so this clock is made here, with the turns of work and the patrols.
with spans as (
    select
        works.permit,
        works.round,
        works.started_at,
        date_trunc('day', works.started_at) as first_day,
        date_trunc('day', coalesce(works.completed_at, moment.as_of)) as last_day
    from works
    cross join moment
),

days as (
    select
        permit,
        round,
        started_at as work_began_at,
        unnest(generate_series(first_day, last_day, interval 1 day)) as started_at
    from spans
),

-- A day on which work ended and began again counts once, for the turn that ended.
distinct_days as (
    select
        permit,
        started_at,
        min(round) as round,
        min(work_began_at) as work_began_at,
        started_at + interval 1 day - interval 1 second as due_at
    from days
    group by permit, started_at
),

seen as (
    select
        patrol_known.permit,
        patrol_known.patrolled_at,
        date_trunc('day', patrol_known.patrolled_at) as day
    from patrol_known
),

patrolled as (
    select
        distinct_days.permit,
        distinct_days.started_at,
        list_sort(list(seen.patrolled_at)) as patrolled_at
    from distinct_days
    inner join seen
        on
            distinct_days.permit = seen.permit
            and distinct_days.started_at = seen.day
            and distinct_days.work_began_at <= seen.patrolled_at
    group by all
),

final as (
    select
        'permit' as kind,
        distinct_days.permit as subject,
        permits.centre,
        permits.unit,
        permits.irregular,
        'patrol' as commitment,
        distinct_days.round,
        distinct_days.started_at,
        0 as seq,
        distinct_days.due_at,
        permits.patrols_per_day || ' a day' as term,
        null::varchar as policy,
        null::varchar as calendar,
        false as provisional,
        patrolled.patrolled_at[permits.patrols_per_day] as stopped_at,
        null::varchar as ended,
        null::timestamptz as ended_at,
        if(patrolled.patrolled_at[permits.patrols_per_day] is null, null, 'patrol') as cause,
        if(patrolled.patrolled_at[permits.patrols_per_day] is null, null, 'met') as verdict
    from distinct_days
    inner join permits on distinct_days.permit = permits.permit
    left join patrolled
        on
            distinct_days.permit = patrolled.permit
            and distinct_days.started_at = patrolled.started_at
)

select * from final
