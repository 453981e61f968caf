-- Grain: one row per ISO week that lies wholly inside a round's handling that is over.
with weeks as (
    select
        handling.*,
        unnest(
            generate_series(
                handling.first_week, handling.until_at - interval 7 day, interval 7 day
            )
        ) as started_at
    from handling
    where handling.until_at is not null
),

counted as (
    select
        * exclude (first_week, until_at, voided_at, progress_contacts, contacts),
        started_at + interval 7 day - interval 1 second as due_at,
        contacts[started_at][progress_contacts] as stopped_at,
        voided_at as ended_at
    from weeks
),

final as (
    select
        *,
        if(ended_at is null, null, 'void') as ended,
        case
            when ended_at is not null then 'void'
            when stopped_at is not null then 'contact'
        end as cause,
        case
            when ended_at is not null then 'void'
            when stopped_at is not null then 'met'
            else 'missed'
        end as verdict
    from counted
)

select * from final
