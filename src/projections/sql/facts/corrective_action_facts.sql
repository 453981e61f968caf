-- Grain: one row per corrective action.
-- Of: centre.
with final as (
    select
        position,
        substr(originator_id, 8) as centre,
        state ->> '$.topic_code' as topic,
        happened_at as taken_at,
        recorded_at,
        json_array_length(state -> '$.complaints')::bigint as cases
    from batch
    where topic = 'centre.corrective_action_taken.1'
)

select * from final
