-- Grain: one row per ISO week, from the first round of handling to the moment asked about.
with mondays as (
    select
        unnest(
            generate_series(
                date_trunc('week', min(round_facts.started_at)),
                any_value(moment.as_of),
                interval 7 day
            )
        ) as started_at
    from round_facts
    cross join moment
),

final as (
    select
        started_at,
        started_at + interval 7 day as following_at,
        started_at + interval 7 day - interval 1 second as due_at
    from mondays
)

select * from final
