-- Grain: one row per home and parking space, in the use known last at the moment asked about.
-- Kept by: unit.
with final as (
    select * exclude (position, version, recorded_at)
    from parking_known
)

select * from final
