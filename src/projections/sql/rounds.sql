-- Grain: one row per case and round of handling, as it stood at the moment asked about.
with visible as (
    select round_facts.*
    from round_facts
    inner join moment
        on
            round_facts.recorded_at <= moment.as_of
            and round_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by complaint, round order by version desc) = 1
),

-- An irregular reopening leaves a round that nothing ended: the next one does.
final as (
    select
        * replace (
            least(
                ended_at, lead(started_at) over (partition by complaint order by round)
            ) as ended_at
        )
    from latest
)

select * from final
