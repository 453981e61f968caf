-- Grain: one row per key, as it stood by what had been recorded at the moment asked about.
with visible as (
    select key_facts.*
    from key_facts
    inner join moment
        on
            key_facts.recorded_at <= moment.as_of
            and key_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by key order by version desc) = 1
),

final as (
    select * exclude (position, version)
    from latest
)

select * from final
