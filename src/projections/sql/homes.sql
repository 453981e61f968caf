-- Grain: one row per home, as it stood by what had been recorded at the moment asked about.
with visible as (
    select unit_facts.*
    from unit_facts
    inner join moment
        on
            unit_facts.recorded_at <= moment.as_of
            and unit_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit order by version desc) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
)

select * from final
