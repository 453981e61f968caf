-- Grain: one row per thing about owners' data that has to be brought to an end: the review of a
-- broken glass, an erasure asked for, a file in clear, what somebody has who left or moved.
with limits as (
    select
        effective_from,
        until,
        to_days(export_days) as export_days,
        to_days(erasure_days) as erasure_days
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
        erasures.requested_at + limits.erasure_days as due_at,
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
        exports.released_at + limits.export_days as due_at,
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
