-- Grain: one row per policy version known at the moment asked about, the built-in one first.
-- Figures of a month are judged by the version in force, and known, when the month began.
with adopted as (
    select
        policy_facts.version,
        policy_facts.position,
        policy_facts.effective_from,
        policy_facts.recorded_at,
        coalesce(policy_facts.visits_supervisor_homes, built_in.visits_supervisor_homes)
            as visits_supervisor_homes,
        coalesce(policy_facts.visits_steward_homes, built_in.visits_steward_homes)
            as visits_steward_homes,
        coalesce(policy_facts.warranty_completion_percent, built_in.warranty_completion_percent)
            as warranty_completion_percent
    from policy_facts
    inner join moment
        on
            policy_facts.recorded_at <= moment.as_of
            and policy_facts.position <= moment.position
    cross join built_in
),

final as (
    select
        '1' as version,
        0 as position,
        '-infinity'::timestamptz as effective_from,
        '-infinity'::timestamptz as recorded_at,
        *
    from built_in
    union all by name
    select * from adopted
)

select * from final
