-- Grain: one row per duty, centre, period and, of a training, person: the first time it was done.
with final as (
    select
        duty_facts.centre,
        duty_facts.duty,
        duty_facts.period,
        duty_facts.trained,
        arg_min(duty_facts.person, duty_facts.done_at) as person,
        arg_min(duty_facts.circular, duty_facts.done_at) as circular,
        min(duty_facts.done_at) as done_at
    from duty_facts
    inner join moment
        on
            duty_facts.recorded_at <= moment.as_of
            and duty_facts.position <= moment.position
    group by all
)

select * from final
