-- Grain: one row per turn of work of a renovation, as it stood at the moment asked about, with the
-- first calendar day that counts for it and, by their day, the patrols made since it began.
-- Kept by: permit.
-- Only with: work_facts.
-- A day on which work ended and began again counts once, for the turn that ended.
with turns as (
    select
        * exclude (position, version, recorded_at),
        greatest(
            date_trunc('day', started_at),
            date_trunc('day', lag(completed_at) over (partition by permit order by round))
            + interval 1 day
        ) as first_day
    from work_known
),

seen as (
    select
        turns.permit,
        turns.round,
        date_trunc('day', patrol_known.patrolled_at) as day,
        list_sort(list(patrol_known.patrolled_at)) as patrolled_at
    from turns
    inner join patrol_known
        on
            turns.permit = patrol_known.permit
            and turns.started_at <= patrol_known.patrolled_at
    group by all
),

by_day as (
    select
        permit,
        round,
        map_from_entries(list((day, patrolled_at))) as patrols
    from seen
    group by all
),

final as (
    select
        turns.*,
        permits.centre,
        permits.unit,
        permits.irregular,
        permits.patrols_per_day,
        by_day.patrols
    from turns
    inner join permits on turns.permit = permits.permit
    left join by_day on turns.permit = by_day.permit and turns.round = by_day.round
)

select * from final
