-- Grain: one row per renovation, as it stood by what had been recorded at the moment asked about.
-- Kept by: permit.
with final as (
    select * exclude (position, version, recorded_at)
    from permit_known
)

select * from final
