-- Grain: one row per centre, person and month in which the person held a post with a quota of
-- visits, since the centre's first home was registered.
-- A person of several such posts in a month owes the quota of one: of what was held to the month's
-- end (or now), the highest. A part of a month owes the whole quota and says so.
with centres as (
    select
        centre,
        min(registered_at) as first_at
    from homes
    group by centre
),

held as (
    select
        postings.centre,
        postings.person,
        postings.post,
        postings.posted_at,
        coalesce(postings.until, 'infinity'::timestamptz) as until,
        unnest(
            generate_series(
                date_trunc('month', greatest(postings.posted_at, centres.first_at)),
                least(coalesce(postings.until - interval 1 second, moment.as_of), moment.as_of),
                interval 1 month
            )
        ) as starts_at,
        moment.as_of
    from postings
    inner join centres on postings.centre = centres.centre
    cross join moment
    where not postings.has_left and postings.post in ('steward', 'supervisor', 'department_head')
),

begun as (
    select distinct starts_at from held
),

in_force as (
    select
        begun.starts_at,
        policies.visits_steward_homes,
        policies.visits_supervisor_homes
    from begun
    inner join policies
        on begun.starts_at >= policies.starts_at and begun.starts_at >= policies.recorded_at
    qualify
        row_number() over (
            partition by begun.starts_at order by policies.starts_at desc, policies.position desc
        ) = 1
),

owed as (
    select
        held.*,
        if(
            held.post = 'steward', in_force.visits_steward_homes, in_force.visits_supervisor_homes
        ) as quota,
        held.starts_at + interval 1 month as next_at
    from held
    inner join in_force on held.starts_at = in_force.starts_at
),

final as (
    select
        centre,
        person,
        post,
        quota,
        starts_at,
        next_at,
        least(next_at - interval 1 second, as_of) as judged_at,
        min(posted_at) over same > starts_at
        or max(until) over same < next_at as part_month
    from owed
    window same as (partition by centre, person, starts_at)
    qualify
        row_number() over (
            partition by centre, person, starts_at
            order by until >= least(next_at, as_of) desc, quota desc, post asc
        ) = 1
)

select * from final
