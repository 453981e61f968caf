-- Grain: one row per centre and month, from its first case to the moment asked about.
with centres as (
    -- Irregular history may end a case before its receipt.
    select
        cases.centre,
        min(least(cases.received_at, rounds.ended_at)) as first_at,
        any_value(moment.as_of) as as_of
    from cases
    inner join rounds on cases.complaint = rounds.complaint
    cross join moment
    group by cases.centre
),

starts as (
    select
        centre,
        as_of,
        unnest(
            generate_series(date_trunc('month', first_at), as_of, interval 1 month)
        ) as starts_at
    from centres
),

final as (
    select
        centre,
        strftime(starts_at, '%Y-%m') as month,
        least(starts_at + interval 1 month - interval 1 second, as_of) as judged_at
    from starts
)

select * from final
