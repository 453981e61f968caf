-- Grain: one row per turn of work of a renovation, as it stood at the moment asked about.
with visible as (
    select work_facts.*
    from work_facts
    inner join moment
        on
            work_facts.recorded_at <= moment.as_of
            and work_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by permit, round order by version desc) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
)

select * from final
