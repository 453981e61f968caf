-- Grain: one row per defect of a home, as it stood at the moment asked about.
-- `warranty` is what the person said who reported it; it contradicts the register when the last day
-- of its kind's warranty says otherwise. Days are calendar days, to the repair or to today.
with final as (
    select
        defect_known.defect,
        homes.centre,
        defect_known.unit,
        defect_known.kind,
        defect_known.warranty,
        strftime(defect_known.warranty_until, '%Y-%m-%d') as warranty_until,
        (defect_known.reported_at::date <= defect_known.warranty_until)
        <> (defect_known.warranty = 'inside') as contradicts,
        defect_known.design,
        defect_known.evidenced,
        defect_known.complaint,
        defect_known.status,
        defect_known.turn,
        defect_known.reported_at,
        defect_known.letter,
        defect_known.notified_at,
        defect_known.finished_at,
        defect_known.verified_at,
        defect_known.sent_back_at,
        date_diff(
            'day',
            defect_known.reported_at::date,
            coalesce(defect_known.finished_at, moment.as_of)::date
        ) as days,
        date_diff(
            'day',
            defect_known.notified_at::date,
            coalesce(defect_known.finished_at, moment.as_of)::date
        ) as days_with_builder,
        defect_known.irregular
    from defect_known
    inner join homes on defect_known.unit = homes.unit
    cross join moment
)

select * from final
