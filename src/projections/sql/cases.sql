-- Grain: one row per case, as it stood by what had been recorded at the moment asked about.
-- Kept by: complaint.
with final as (
    select * exclude (position, version)
    from case_known
)

select * from final
