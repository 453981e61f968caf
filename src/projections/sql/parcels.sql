-- Grain: one row per parcel, as it stood by what had been recorded at the moment asked about.
-- Kept by: parcel.
with final as (
    select * exclude (position, version)
    from parcel_known
)

select * from final
