-- Grain: one row per explanation of a warranty report that fell short.
-- Of: centre.
with final as (
    select
        position,
        recorded_at,
        state ->> '$.centre' as centre,
        state ->> '$.period' as period,
        (state ->> '$.period_from')::date as starts_on,
        state ->> '$.kind' as kind
    from batch
    where topic = 'centre.warranty_explained.1'
)

select * from final
