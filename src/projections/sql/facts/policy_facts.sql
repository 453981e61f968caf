-- Grain: one row per policy version adopted, its values as the event carries them.
with final as (
    select
        position,
        recorded_at,
        state ->> '$.version' as version,
        (state ->> '$.effective_from')::timestamptz as effective_from,
        state -> '$.values' as limits
    from batch
    where topic = 'policy.adopted.1'
)

select * from final
