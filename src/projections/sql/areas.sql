-- Grain: one row per home that was ever in an area, with who answers for it at the moment asked about.
with visible as (
    select area_facts.*
    from area_facts
    inner join moment
        on
            area_facts.recorded_at <= moment.as_of
            and area_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit order by version desc) = 1
),

final as (
    select * exclude (position, version)
    from latest
)

select * from final
