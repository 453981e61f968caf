-- Grain: one row per key, as it stood by what had been recorded at the moment asked about.
-- Kept by: key.
with final as (
    select * exclude (position, version)
    from key_known
)

select * from final
