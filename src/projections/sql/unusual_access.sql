-- Grain: one row per person, post and month with an access, measured against those of the same post.
-- A score is the distance from the peers' median in robust deviations: of their median absolute
-- deviation or, where that is 0, of their mean absolute deviation (Iglewicz and Hoaglin 1993), and
-- at least of what counts of that size scatter by chance.
with long as (
    select
        person,
        post,
        month,
        'accesses' as figure,
        accesses as amount
    from access_months
    union all
    select
        person,
        post,
        month,
        'homes' as figure,
        homes as amount
    from access_months
    union all
    select
        person,
        post,
        month,
        'denied' as figure,
        denied as amount
    from access_months
    union all
    select
        person,
        post,
        month,
        'out_of_hours' as figure,
        out_of_hours as amount
    from access_months
    union all
    select
        person,
        post,
        month,
        'without_case' as figure,
        without_case as amount
    from access_months
),

medians as (
    select
        post,
        month,
        figure,
        count(*) as peers,
        median(amount) as median
    from long
    group by all
),

deviations as (
    select
        long.post,
        long.month,
        long.figure,
        median(abs(long.amount - medians.median)) * 1.4826 as spread,
        avg(abs(long.amount - medians.median)) * 1.2533 as fallback,
        sqrt(greatest(any_value(medians.median), 1)) as least
    from long
    inner join medians
        on
            long.post = medians.post
            and long.month = medians.month
            and long.figure = medians.figure
    group by all
),

scored as (
    select
        long.person,
        long.post,
        long.month,
        long.figure,
        medians.peers,
        case
            when medians.peers >= 3
                then
                    (long.amount - medians.median)
                    / greatest(
                        if(deviations.spread = 0, deviations.fallback, deviations.spread),
                        deviations.least
                    )
        end as score
    from long
    inner join medians
        on
            long.post = medians.post
            and long.month = medians.month
            and long.figure = medians.figure
    inner join deviations
        on
            long.post = deviations.post
            and long.month = deviations.month
            and long.figure = deviations.figure
),

worst as (
    select
        person,
        post,
        month,
        any_value(peers) as peers,
        round(max(score), 2) as score,
        first(figure order by score desc, figure asc) as because
    from scored
    group by all
),

final as (
    select
        access_months.month,
        access_months.person,
        access_months.post,
        access_months.accesses,
        access_months.homes,
        access_months.denied,
        access_months.out_of_hours,
        access_months.without_case,
        access_months.break_glass,
        worst.peers::integer as peers,
        worst.score,
        if(worst.score > 0, worst.because, null) as because,
        coalesce(worst.score > 3.5, false) as unusual
    from access_months
    inner join worst
        on
            access_months.person = worst.person
            and access_months.post = worst.post
            and access_months.month = worst.month
    where access_months.accesses + access_months.denied > 0
)

select * from final
