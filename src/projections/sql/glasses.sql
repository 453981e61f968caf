-- Grain: one row per breaking of the glass that was recorded by the moment asked about.
with final as (
    select
        glass_facts.glass,
        glass_facts.centre,
        glass_facts.unit,
        glass_facts.irregular
    from glass_facts
    inner join moment
        on
            glass_facts.recorded_at <= moment.as_of
            and glass_facts.position <= moment.position
)

select * from final
