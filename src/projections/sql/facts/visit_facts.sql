-- Grain: one row per visit.
-- Of: unit.
with final as (
    select
        position,
        substr(originator_id, 6) as unit,
        state ->> '$.kind' as kind,
        state ->> '$.by' as account,
        state ->> '$.person' as person,
        state ->> '$.post' as post,
        happened_at as visited_at,
        recorded_at
    from batch
    where topic = 'unit.visited.1'
)

select * from final
