-- Grain: one row per person and year at whose end (or now) the person holds a post.
with years as (
    select
        unnest(
            generate_series(
                date_trunc('year', min(postings.posted_at)), any_value(moment.as_of), interval 1 year
            )
        ) as starts_at,
        any_value(moment.as_of) as as_of
    from postings
    cross join moment
),

ends as (
    select
        starts_at,
        starts_at + interval 1 year - interval 1 second as due_at,
        least(starts_at + interval 1 year - interval 1 second, as_of) as judged_at
    from years
),

final as (
    select
        postings.person,
        strftime(ends.starts_at, '%Y') as period,
        ends.due_at,
        min(postings.centre) as centre
    from ends
    inner join postings
        on
            ends.judged_at >= postings.posted_at
            and (postings.until is null or ends.judged_at < postings.until)
            and not postings.has_left
    group by all
)

select * from final
