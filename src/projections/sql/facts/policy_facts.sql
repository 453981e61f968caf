-- Grain: one row per policy version adopted, its values as the event carries them.
with final as (
    select
        position,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        state ->> '$.version' as version,
        (state ->> '$.effective_from')::timestamptz as starts_at,
        state -> '$.values' as limits
    from batch
    where topic = 'policy.adopted.1'
)

select * from final
