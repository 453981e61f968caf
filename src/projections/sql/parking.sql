-- Grain: one row per home and parking space, in the use known last at the moment asked about.
with visible as (
    select parking_facts.*
    from parking_facts
    inner join moment
        on
            parking_facts.recorded_at <= moment.as_of
            and parking_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit, space order by version desc) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
)

select * from final
