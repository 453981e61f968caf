-- Grain: one row per centre, month, person, post, home and purpose with an answer of the gateway.
with final as (
    select
        centre,
        month,
        person,
        post,
        unit,
        purpose,
        coalesce(sum(count) filter (where outcome = 'disclosed'), 0)::integer as accesses,
        coalesce(sum(count) filter (where outcome = 'denied'), 0)::integer as denied,
        coalesce(sum(count) filter (where out_of_hours), 0)::integer as out_of_hours,
        count(*) filter (where outcome = 'disclosed' and break_glass)::integer as break_glass
    from access
    group by all
)

select * from final
