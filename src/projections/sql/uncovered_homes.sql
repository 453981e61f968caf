-- Grain: one row per home of an area that its steward has not visited in the quarter asked about.
with quarter as (
    select
        as_of,
        date_trunc('quarter', as_of) as starts_at
    from moment
),

last_visits as (
    select
        unit,
        person,
        max(visited_at) as visited_at
    from visits
    where in_person
    group by unit, person
),

final as (
    select
        areas.unit,
        areas.centre,
        areas.staff,
        areas.person,
        year(quarter.starts_at) || '-Q' || quarter(quarter.starts_at) as quarter,
        areas.since,
        last_visits.visited_at as last_visited_at,
        quarter.starts_at + interval 3 month - interval 1 second as due_at
    from areas
    cross join quarter
    left join last_visits
        on areas.unit = last_visits.unit and areas.person = last_visits.person
    where last_visits.visited_at is null or last_visits.visited_at < quarter.starts_at
)

select * from final
