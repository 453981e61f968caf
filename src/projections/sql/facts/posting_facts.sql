-- Grain: one row per posting, transfer or leaving of an account.
with final as (
    select
        position,
        originator_version as version,
        state ->> '$.staff' as account,
        state ->> '$.holder' as person,
        state ->> '$.held' as post,
        state ->> '$.centre' as centre,
        state ->> '$.department' as department,
        topic = 'roster.left.1' as has_left,
        happened_at as posted_at,
        recorded_at
    from batch
    where topic in ('roster.posted.1', 'roster.transferred.1', 'roster.left.1')
)

select * from final
