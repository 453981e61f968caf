-- Grain: one row per ISO week that lies wholly inside a round's handling and has begun.
-- Weeks come without an event, so this clock is made here from rounds and contacts.
with weeks as (
    select
        handling.*,
        unnest(
            generate_series(
                handling.first_week,
                least(moment.as_of, handling.until_at - interval 7 day),
                interval 7 day
            )
        ) as started_at
    from handling
    cross join moment
),

counted as (
    select
        *,
        contacts[started_at][progress_contacts] as stopped_at
    from weeks
),

final as (
    select
        'complaint' as kind,
        complaint as subject,
        complaint,
        centre,
        department,
        unit,
        irregular,
        'progress' as commitment,
        round,
        started_at,
        0 as seq,
        started_at + interval 7 day - interval 1 second as due_at,
        progress_contacts || ' contacts a week' as term,
        null::varchar as policy,
        null::varchar as calendar,
        false as provisional,
        stopped_at,
        if(voided_at is null, null, 'void') as ended,
        voided_at as ended_at,
        case
            when voided_at is not null then 'void'
            when stopped_at is not null then 'contact'
        end as cause,
        case
            when voided_at is not null then 'void'
            when stopped_at is not null then 'met'
        end as verdict
    from counted
)

select * from final
