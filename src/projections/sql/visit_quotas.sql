-- Grain: one row per centre, person and month in which the person owed visits.
-- Homes are counted once a month, whatever the visits, by whichever account; calls do not count.
-- A steward's area is that at the month's end (or now), the quarter runs up to then.
with monthly as (
    select
        quota_months.centre,
        quota_months.person,
        quota_months.starts_at,
        count(distinct visits.unit) as visited
    from quota_months
    inner join visits
        on
            quota_months.centre = visits.centre
            and quota_months.person = visits.person
            and quota_months.starts_at <= visits.visited_at
            and quota_months.next_at > visits.visited_at
    where visits.in_person
    group by all
),

homes_kept as (
    select
        quota_months.centre,
        quota_months.person,
        quota_months.starts_at,
        quota_months.judged_at,
        stewardships.unit
    from quota_months
    inner join stewardships
        on
            quota_months.centre = stewardships.centre
            and quota_months.person = stewardships.person
            and quota_months.judged_at >= stewardships.since
            and (stewardships.until is null or quota_months.judged_at < stewardships.until)
    where quota_months.post = 'steward'
),

quarterly as (
    select
        homes_kept.centre,
        homes_kept.person,
        homes_kept.starts_at,
        count(distinct homes_kept.unit) as area,
        count(distinct visits.unit) as covered
    from homes_kept
    left join visits
        on
            homes_kept.unit = visits.unit
            and homes_kept.person = visits.person
            and date_trunc('quarter', homes_kept.starts_at) <= visits.visited_at
            and homes_kept.judged_at >= visits.visited_at
            and visits.in_person
    group by all
),

final as (
    select
        strftime(quota_months.starts_at, '%Y-%m') as month,
        quota_months.centre,
        quota_months.person,
        quota_months.post,
        quota_months.quota,
        coalesce(monthly.visited, 0) as visited,
        coalesce(monthly.visited, 0) >= quota_months.quota as met,
        quota_months.part_month,
        if(quota_months.post = 'steward', coalesce(quarterly.area, 0), null) as area,
        if(quota_months.post = 'steward', coalesce(quarterly.covered, 0), null)
            as quarter_visited,
        if(quota_months.post = 'steward', coalesce(quarterly.area - quarterly.covered, 0), null)
            as quarter_uncovered
    from quota_months
    left join monthly
        on
            quota_months.centre = monthly.centre
            and quota_months.person = monthly.person
            and quota_months.starts_at = monthly.starts_at
    left join quarterly
        on
            quota_months.centre = quarterly.centre
            and quota_months.person = quarterly.person
            and quota_months.starts_at = quarterly.starts_at
)

select * from final
