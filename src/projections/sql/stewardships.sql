-- Grain: one row per home and unbroken time in a steward's area.
-- It ends when the home is assigned to another, or the steward's area is without it.
with assigned as (
    select distinct
        position,
        centre,
        staff,
        since
    from area_known
),

assignments as (
    select
        position,
        lead(since) over (partition by centre, staff order by since, position)
            as next_at
    from assigned
),

held as (
    select
        *,
        lead(since) over (partition by unit order by since, position) as next_at
    from area_known
    where unit is not null
),

spans as (
    select
        held.position,
        held.unit,
        held.centre,
        held.staff,
        held.person,
        held.since,
        least(held.next_at, assignments.next_at) as until
    from held
    inner join assignments on held.position = assignments.position
),

begun as (
    select
        *,
        coalesce(
            lag(staff) over (partition by unit order by since, position) = staff
            and lag(until) over (partition by unit order by since, position) >= since,
            false
        ) as continues
    from spans
),

numbered as (
    select
        *,
        sum((not continues)::integer) over (partition by unit order by since, position) as run
    from begun
),

final as (
    select
        unit,
        centre,
        staff,
        person,
        min(since) as since,
        if(bool_or(until is null), null, max(until)) as until
    from numbered
    group by unit, centre, staff, person, run
)

select * from final
