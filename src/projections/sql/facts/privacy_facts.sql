-- Grain: one row per event about a person's data as a whole.
-- Of: privacy.
with final as (
    select
        position,
        substr(originator_id, 9) as privacy,
        split_part(topic, '.', 2) as step,
        state ->> '$.centre' as centre,
        state ->> '$.unit' as unit,
        state ->> '$.resident' as resident,
        state ->> '$.person' as person,
        happened_at,
        recorded_at
    from batch
    where topic like 'privacy.%'
)

select * from final
