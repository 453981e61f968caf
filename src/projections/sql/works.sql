-- Grain: one row per turn of work of a renovation, as it stood at the moment asked about.
-- Kept by: permit.
with final as (
    select * exclude (position, version, recorded_at)
    from work_known
)

select * from final
