-- Grain: one row per home and person, in the stay known last at the moment asked about.
-- Kept by: unit.
with final as (
    select * exclude (position, version, recorded_at)
    from resident_known
)

select * from final
