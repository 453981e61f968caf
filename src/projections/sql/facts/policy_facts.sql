-- Grain: one row per policy version; a value its release did not know yet is null.
with final as (
    select
        position,
        state ->> '$.version' as version,
        (state ->> '$.effective_from')::timestamptz as effective_from,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        (state ->> '$.values.visits_supervisor_homes')::integer as visits_supervisor_homes,
        (state ->> '$.values.visits_steward_homes')::integer as visits_steward_homes,
        (state ->> '$.values.warranty_completion_percent')::integer as warranty_completion_percent
    from batch
    where topic = 'policy.adopted.1'
)

select * from final
