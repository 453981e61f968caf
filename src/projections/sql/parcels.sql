-- Grain: one row per parcel, as it stood by what had been recorded at the moment asked about.
with visible as (
    select parcel_facts.*
    from parcel_facts
    inner join moment
        on
            parcel_facts.recorded_at <= moment.as_of
            and parcel_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by parcel order by version desc) = 1
),

final as (
    select * exclude (position, version)
    from latest
)

select * from final
