-- Grain: one row per renovation, as it stood by what had been recorded at the moment asked about.
with visible as (
    select permit_facts.*
    from permit_facts
    inner join moment
        on
            permit_facts.recorded_at <= moment.as_of
            and permit_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by permit order by version desc) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
)

select * from final
