-- Grain: one row per home and time that a steward answers for it; it holds until the next.
with visible as (
    select area_facts.*
    from area_facts
    inner join moment
        on
            area_facts.recorded_at <= moment.as_of
            and area_facts.position <= moment.position
),

held as (
    select
        unit,
        centre,
        staff,
        person,
        since,
        lead(since) over (partition by unit order by since, position) as until
    from visible
),

final as (
    select *
    from held
    where staff is not null
)

select * from final
