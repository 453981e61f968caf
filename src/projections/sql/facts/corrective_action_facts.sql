-- Grain: one row per corrective action.
-- Of: centre.
with final as (
    select
        position,
        substr(originator_id, 8) as centre,
        state ->> '$.topic_code' as topic,
        (state ->> '$.at')::timestamptz as taken_at,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        json_array_length(state -> '$.complaints')::bigint as cases
    from batch
    where topic = 'centre.corrective_action_taken.1'
)

select * from final
