-- Grain: one row per centre, period, its first moment and kind of defect, `all` for all kinds, from
-- the centre's first defect to the moment asked about.
with centres as (
    select
        defects.centre,
        min(defects.reported_at) as first_at,
        any_value(moment.as_of) as as_of
    from defects
    cross join moment
    group by defects.centre
),

starts as (
    select
        centre,
        'week' as period,
        unnest(
            generate_series(date_trunc('week', first_at), as_of, interval 7 day)
        ) as starts_at
    from centres

    union all by name

    select
        centre,
        'month' as period,
        unnest(
            generate_series(date_trunc('month', first_at), as_of, interval 1 month)
        ) as starts_at
    from centres
),

final as (
    select
        *,
        unnest([
            'all',
            'civil',
            'plumbing',
            'electrical',
            'doors_windows',
            'public_facility',
            'smart_system',
            'entrance_door',
            'other'
        ]) as kind
    from starts
)

select * from final
