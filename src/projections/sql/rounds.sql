-- Grain: one row per case and round of handling, as it stood at the moment asked about.
with visible as (
    select round_facts.*
    from round_facts
    inner join moment
        on
            round_facts.recorded_at <= moment.as_of
            and round_facts.position <= moment.position
),

final as (
    select *
    from visible
    qualify row_number() over (partition by complaint, round order by version desc) = 1
)

select * from final
