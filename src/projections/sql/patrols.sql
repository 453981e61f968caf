-- Grain: one row per renovation and calendar day of work that has begun, stopped work included.
-- Days come without an event, so this clock is made here, from the turns of work and their patrols.
with days as (
    select
        works.*,
        unnest(
            generate_series(
                works.first_day,
                coalesce(works.completed_at, moment.as_of),
                interval 1 day
            )
        ) as day
    from works
    cross join moment
),

patrolled as (
    select
        * exclude (started_at),
        patrols[day][patrols_per_day] as stopped_at
    from days
),

final as (
    select
        'permit' as kind,
        permit as subject,
        centre,
        unit,
        irregular,
        'patrol' as commitment,
        round,
        day as started_at,
        0 as seq,
        day + interval 1 day - interval 1 second as due_at,
        patrols_per_day || ' a day' as term,
        false as provisional,
        stopped_at,
        if(stopped_at is null, null, 'patrol') as cause,
        if(stopped_at is null, null, 'met') as verdict
    from patrolled
)

select * from final
