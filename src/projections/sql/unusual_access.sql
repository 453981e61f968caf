-- Grain: one row per person, post and month with an access, measured against those of the same post.
-- A score is the distance from the peers' median in robust deviations: of their median absolute
-- deviation or, where that is 0, of their mean absolute deviation (Iglewicz and Hoaglin 1993), and
-- at least of what counts of that size scatter by chance.
with long as (
    select
        person,
        post,
        month,
        figure,
        amount
    from access_months
    unpivot (amount for figure in (accesses, homes, denied, out_of_hours, without_case))
),

against_peers as (
    select
        *,
        count(*) over peers as peers,
        median(amount) over peers as middle
    from long
    window peers as (partition by post, month, figure)
),

deviating as (
    select
        *,
        median(abs(amount - middle)) over peers * 1.4826 as spread,
        avg(abs(amount - middle)) over peers * 1.2533 as fallback,
        sqrt(greatest(middle, 1)) as least
    from against_peers
    window peers as (partition by post, month, figure)
),

scored as (
    select
        person,
        post,
        month,
        figure,
        peers,
        case
            when peers >= 3
                then (amount - middle) / greatest(if(spread = 0, fallback, spread), least)
        end as score
    from deviating
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
