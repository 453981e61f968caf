-- Grain: one row per duty, centre, period and, of a training, person: the first time it was done.
with final as (
    select
        duty_known.centre,
        duty_known.duty,
        duty_known.period,
        duty_known.trained,
        arg_min(duty_known.person, duty_known.done_at) as person,
        arg_min(duty_known.circular, duty_known.done_at) as circular,
        min(duty_known.done_at) as done_at
    from duty_known
    group by all
)

select * from final
