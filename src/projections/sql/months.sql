-- Grain: one row per centre and month, from its first case to the moment asked about.
with firsts as (
    -- Irregular history may end a case before its receipt.
    select
        centre,
        min(received_at) as first_at
    from cases
    group by centre
    union all
    select
        centre,
        min(ended_at) as first_at
    from rounds
    group by centre
),

starts as (
    select
        firsts.centre,
        any_value(moment.as_of) as as_of,
        unnest(
            generate_series(
                date_trunc('month', min(firsts.first_at)),
                any_value(moment.as_of),
                interval 1 month
            )
        ) as starts_at
    from firsts
    cross join moment
    group by firsts.centre
),

final as (
    select
        centre,
        strftime(starts_at, '%Y-%m') as month,
        least(starts_at + interval 1 month - interval 1 second, as_of) as judged_at
    from starts
)

select * from final
