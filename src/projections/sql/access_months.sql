-- Grain: one row per person, post and month in which the post was held, since the first access.
with bounds as (
    select
        min(access.at) as first_at,
        any_value(moment.as_of) as as_of
    from access
    cross join moment
),

held as (
    select distinct
        postings.person,
        postings.post,
        unnest(
            generate_series(
                date_trunc('month', greatest(postings.posted_at, bounds.first_at)),
                least(coalesce(postings.until - interval 1 second, bounds.as_of), bounds.as_of),
                interval 1 month
            )
        ) as starts_at
    from postings
    cross join bounds
    where not postings.has_left
),

final as (
    select
        held.person,
        held.post,
        strftime(held.starts_at, '%Y-%m') as month,
        coalesce(sum(access.count) filter (where access.outcome <> 'denied'), 0)::integer
            as accesses,
        count(distinct coalesce(access.unit, access.subject))::integer as homes,
        coalesce(sum(access.count) filter (where access.outcome = 'denied'), 0)::integer as denied,
        coalesce(sum(access.count) filter (where access.out_of_hours), 0)::integer
            as out_of_hours,
        coalesce(
            sum(access.count) filter (where access.outcome = 'disclosed' and not access.looked_up and not access.open_case),
            0
        )::integer as without_case,
        count(*) filter (where access.break_glass)::integer as break_glass
    from held
    left join access
        on
            held.person = access.person
            and held.post = access.post
            and held.starts_at = date_trunc('month', access.at)
    group by held.person, held.post, held.starts_at
)

select * from final
