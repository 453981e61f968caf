-- Grain: one row per policy version, with when it is in force and the values that figures ask.
-- The built-in version is in force before any other; what a version stored by an older release
-- lacks is as in the built-in one.
with adopted as (
    select policy_facts.*
    from policy_facts
    inner join moment
        on
            policy_facts.recorded_at <= moment.as_of
            and policy_facts.position <= moment.position
),

versions as (
    select
        adopted.position,
        adopted.version,
        adopted.starts_at,
        adopted.recorded_at,
        coalesce(
            (adopted.limits ->> '$.visits_supervisor_homes')::integer,
            built_in_policy.visits_supervisor_homes
        ) as visits_supervisor_homes,
        coalesce(
            (adopted.limits ->> '$.visits_steward_homes')::integer,
            built_in_policy.visits_steward_homes
        ) as visits_steward_homes,
        coalesce(
            (adopted.limits ->> '$.warranty_completion_percent')::integer,
            built_in_policy.warranty_completion_percent
        ) as warranty_completion_percent,
        coalesce(
            (adopted.limits ->> '$.long_open_repair_days')::integer,
            built_in_policy.long_open_repair_days
        ) as long_open_repair_days
    from adopted
    cross join built_in_policy

    union all by name

    select
        0 as position,
        version,
        '-infinity'::timestamptz as starts_at,
        '-infinity'::timestamptz as recorded_at,
        visits_supervisor_homes,
        visits_steward_homes,
        warranty_completion_percent,
        long_open_repair_days
    from built_in_policy
),

final as (
    select
        position,
        version,
        starts_at,
        recorded_at,
        visits_supervisor_homes,
        visits_steward_homes,
        lead(starts_at) over (order by starts_at, position) as until,
        warranty_completion_percent,
        long_open_repair_days
    from versions
)

select * from final
