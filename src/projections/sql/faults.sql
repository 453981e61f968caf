-- Grain: one row per event of the batch that cannot be taken, with the reason.
-- The relation topics holds what this release can read; state is null where bytes are no text.
with judged as (
    select
        batch.position,
        batch.originator_id as stream,
        batch.originator_version as version,
        batch.topic,
        case
            when not coalesce(json_valid(batch.state), false) then 'undecodable'
            when topics.topic is null then 'unknown_topic'
            when try_cast(batch.state ->> '$.recorded_at' as timestamptz) is null
                then 'unknown_shape'
        end as error
    from batch
    left join topics on batch.topic = topics.topic
),

final as (
    select *
    from judged
    where error is not null
)

select * from final
