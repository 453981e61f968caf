-- Grain: one row per home of an area, with who answers for it as known at the moment asked about.
with final as (
    select * exclude (until)
    from stewardships
    where until is null
)

select * from final
