-- Grain: one row per clock, as it stood at the moment asked about; not yet judged.
with visible as (
    select
        clock_facts.*,
        if(clock_facts.kind = 'complaint', clock_facts.subject, null) as complaint
    from clock_facts
    inner join moment
        on
            clock_facts.recorded_at <= moment.as_of
            and clock_facts.position <= moment.position
),

-- `complaint` says nothing new here, but a filter on it can reach the facts.
latest as (
    select *
    from visible
    qualify
        row_number() over (
            partition by kind, subject, complaint, commitment, round, started_at, seq
            order by version desc
        ) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
    where ended is distinct from 'withdrawn'
)

select * from final
