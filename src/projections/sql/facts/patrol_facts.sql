-- Grain: one row per patrol of a renovation.
-- Of: permit.
with final as (
    select
        position,
        substr(originator_id, 8) as permit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        (state ->> '$.at')::timestamptz as patrolled_at
    from batch
    where topic = 'permit.patrolled.1'
)

select * from final
