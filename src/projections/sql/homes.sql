-- Grain: one row per home, as it stood by what had been recorded at the moment asked about.
-- Kept by: unit.
with final as (
    select * exclude (position, version, recorded_at)
    from unit_known
)

select * from final
