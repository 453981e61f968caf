-- Grain: one row per patrol of a renovation.
-- Of: permit.
with final as (
    select
        position,
        substr(originator_id, 8) as permit,
        recorded_at,
        happened_at as patrolled_at
    from batch
    where topic = 'permit.patrolled.1'
)

select * from final
