-- Grain: one row per defect of a home, as it stood at the moment asked about.
-- `warranty` is what the person said who reported it; it contradicts the register when the last day
-- of its kind's warranty says otherwise. Days are calendar days, to the repair or to today.
with visible as (
    select defect_facts.*
    from defect_facts
    inner join moment
        on
            defect_facts.recorded_at <= moment.as_of
            and defect_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit, defect order by version desc) = 1
),

final as (
    select
        latest.defect,
        homes.centre,
        latest.unit,
        latest.kind,
        latest.warranty,
        strftime(latest.warranty_until, '%Y-%m-%d') as warranty_until,
        (latest.reported_at::date <= latest.warranty_until)
        <> (latest.warranty = 'inside') as contradicts,
        latest.design,
        latest.evidenced,
        latest.complaint,
        latest.status,
        latest.turn,
        latest.reported_at,
        latest.letter,
        latest.notified_at,
        latest.finished_at,
        latest.verified_at,
        latest.sent_back_at,
        date_diff(
            'day',
            latest.reported_at::date,
            coalesce(latest.finished_at, moment.as_of)::date
        ) as days,
        date_diff(
            'day',
            latest.notified_at::date,
            coalesce(latest.finished_at, moment.as_of)::date
        ) as days_with_builder,
        latest.irregular
    from latest
    inner join homes on latest.unit = homes.unit
    cross join moment
)

select * from final
