-- Grain: one row per duty and period, of the centre, or of each person for the yearly training; and
-- one per thing about owners' data that has to be brought to an end.
with owed as (
    select
        duty_periods.duty,
        duty_periods.centre,
        duties_done.person,
        duty_periods.period,
        duty_periods.due_at,
        duties_done.done_at,
        duties_done.circular
    from duty_periods
    left join duties_done
        on
            duty_periods.duty = duties_done.duty
            and duty_periods.centre = duties_done.centre
            and duty_periods.period = duties_done.period
    union all by name
    select
        'training' as duty,
        training_periods.centre,
        training_periods.person,
        training_periods.period,
        training_periods.due_at,
        min(duties_done.done_at) as done_at
    from training_periods
    left join duties_done
        on
            training_periods.person = duties_done.trained
            and training_periods.period = duties_done.period
            and duties_done.duty = 'training'
    group by all
    union all by name
    select
        duty,
        centre,
        person,
        strftime(started_at, '%Y-%m-%d') as period,
        due_at,
        done_at,
        subject
    from duties_once
),

final as (
    select
        owed.duty,
        owed.centre,
        owed.person,
        owed.period,
        owed.due_at,
        owed.done_at,
        case
            when owed.done_at <= owed.due_at then 'met'
            when owed.done_at is not null or owed.due_at < moment.as_of then 'missed'
            else 'open'
        end as outcome,
        owed.circular,
        strftime(owed.due_at, '%Y-%m') as month,
        owed.subject
    from owed
    cross join moment
)

select * from final
