-- Grain: one row per home and assignment to a steward's area.
-- It holds until the home is assigned anew, or the steward's area is without it.
with visible as (
    select area_facts.*
    from area_facts
    inner join moment
        on
            area_facts.recorded_at <= moment.as_of
            and area_facts.position <= moment.position
),

assigned as (
    select distinct
        position,
        staff,
        since
    from visible
),

assignments as (
    select
        position,
        lead(since) over (partition by staff order by since, position) as next_at
    from assigned
),

held as (
    select
        *,
        lead(since) over (partition by unit order by since, position) as next_at
    from visible
    where unit is not null
),

spans as (
    select
        held.unit,
        held.centre,
        held.staff,
        held.person,
        held.since,
        least(held.next_at, assignments.next_at) as until
    from held
    inner join assignments on held.position = assignments.position
),

marked as (
    select
        *,
        coalesce(lag(staff) over each_unit = staff and lag(until) over each_unit = since, false)
            as goes_on
    from spans
    window each_unit as (partition by unit order by since)
),

numbered as (
    select
        *,
        count(*) filter (where not goes_on) over (partition by unit order by since) as term
    from marked
),

-- A home that stays in an area assigned anew has been in it all along.
final as (
    select
        unit,
        any_value(centre) as centre,
        any_value(staff) as staff,
        any_value(person) as person,
        min(since) as since,
        arg_max_null(until, since) as until
    from numbered
    group by unit, term
)

select * from final
