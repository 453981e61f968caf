-- Grain: one row per thing about owners' data that has to be brought to an end: the review of a
-- broken glass, an erasure asked for, a file in clear, what somebody has who left or moved.
-- Limits in days are calendar days, the first not counted, to the end of the last.
with limits as (
    select
        effective_from,
        until,
        export_days,
        erasure_days
    from policies
),

final as (
    select
        'glass_review' as duty,
        centre,
        subject,
        started_at,
        due_at,
        stopped_at as done_at
    from clocks
    where kind = 'glass'

    union all by name

    select
        'erasure' as duty,
        erasures.centre,
        erasures.privacy as subject,
        erasures.person,
        erasures.requested_at as started_at,
        (erasures.requested_at::date + limits.erasure_days + time '23:59:59')::timestamptz as due_at,
        erasures.decided_at as done_at
    from erasures
    inner join limits
        on
            erasures.requested_at >= limits.effective_from
            and (limits.until is null or erasures.requested_at < limits.until)

    union all by name

    select
        'export_destruction' as duty,
        exports.centre,
        exports.export as subject,
        exports.person,
        exports.released_at as started_at,
        (exports.released_at::date + limits.export_days + time '23:59:59')::timestamptz as due_at,
        exports.destroyed_at as done_at
    from exports
    inner join limits
        on
            exports.released_at >= limits.effective_from
            and (limits.until is null or exports.released_at < limits.until)

    union all by name

    select
        'recall' as duty,
        centre,
        kind || ':' || thing as subject,
        person,
        moved_at as started_at,
        moved_at as due_at
    from leavers
)

select * from final
