-- Grain: one row per case, as it stood by what had been recorded at the moment asked about.
with visible as (
    select case_facts.*
    from case_facts
    inner join moment
        on
            case_facts.recorded_at <= moment.as_of
            and case_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by complaint order by version desc) = 1
),

final as (
    select * exclude (position, version)
    from latest
)

select * from final
