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

final as (
    select
        held.unit,
        held.centre,
        held.staff,
        held.person,
        held.since,
        least(held.next_at, assignments.next_at) as until
    from held
    inner join assignments on held.position = assignments.position
)

select * from final
