-- Grain: one row per breaking of the glass that was recorded by the moment asked about.
-- Kept by: glass.
with final as (
    select
        glass,
        centre,
        unit,
        irregular
    from glass_known
)

select * from final
