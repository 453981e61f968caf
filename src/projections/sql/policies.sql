-- Grain: one row per policy version, with when it is in force and the values that figures ask.
-- The built-in version is in force before any other; what a version stored by an older release
-- lacks is as in the built-in one.
with versions as (
    select
        policy_known.position,
        policy_known.version,
        policy_known.effective_from,
        policy_known.recorded_at,
        coalesce(
            try_cast(policy_known.limits ->> '$.visits_supervisor_homes' as integer),
            built_in_policy.visits_supervisor_homes
        ) as visits_supervisor_homes,
        coalesce(
            try_cast(policy_known.limits ->> '$.visits_steward_homes' as integer),
            built_in_policy.visits_steward_homes
        ) as visits_steward_homes,
        coalesce(
            try_cast(policy_known.limits ->> '$.warranty_completion_percent' as integer),
            built_in_policy.warranty_completion_percent
        ) as warranty_completion_percent,
        coalesce(
            try_cast(policy_known.limits ->> '$.long_open_repair_days' as integer),
            built_in_policy.long_open_repair_days
        ) as long_open_repair_days,
        coalesce(
            try_cast(policy_known.limits ->> '$.export_days' as integer), built_in_policy.export_days
        ) as export_days,
        coalesce(
            try_cast(policy_known.limits ->> '$.erasure_days' as integer), built_in_policy.erasure_days
        ) as erasure_days
    from policy_known
    cross join built_in_policy

    union all by name

    select
        0 as position,
        version,
        '-infinity'::timestamptz as effective_from,
        '-infinity'::timestamptz as recorded_at,
        visits_supervisor_homes,
        visits_steward_homes,
        warranty_completion_percent,
        long_open_repair_days,
        export_days,
        erasure_days
    from built_in_policy
),

final as (
    select
        *,
        lead(effective_from) over (order by effective_from, position) as until
    from versions
)

select * from final
