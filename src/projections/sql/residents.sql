-- Grain: one row per home and person, in the stay known last at the moment asked about.
with visible as (
    select resident_facts.*
    from resident_facts
    inner join moment
        on
            resident_facts.recorded_at <= moment.as_of
            and resident_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit, resident order by version desc) = 1
),

final as (
    select * exclude (position, version, recorded_at)
    from latest
)

select * from final
