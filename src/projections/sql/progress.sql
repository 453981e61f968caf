-- Grain: one row per ISO week that has begun in a round's handling that runs.
-- Weeks come without an event, so this clock is made here from rounds and contacts.
with weeks as (
    select
        handling.*,
        unnest(
            generate_series(handling.first_week, moment.as_of, interval 7 day)
        ) as started_at
    from handling
    cross join moment
    where handling.until_at is null
),

counted as (
    select
        * exclude (first_week, until_at, voided_at, progress_contacts, contacts),
        started_at + interval 7 day - interval 1 second as due_at,
        contacts[started_at][progress_contacts] as stopped_at
    from weeks
),

final as (
    select
        *,
        if(stopped_at is null, null, 'contact') as cause,
        if(stopped_at is null, null, 'met') as verdict
    from counted
)

select * from final
