-- Grain: one row per event of the batch that cannot be taken, with the reason.
-- The relation topics holds what this release can read; state is null where bytes are no text.
-- What facts cast is tried here first: a value that is no time or number stops its stream alone.
with judged as (
    select
        batch.position,
        batch.originator_id as stream,
        batch.originator_version as version,
        batch.topic,
        case
            when
                batch.recorded_at is null and not coalesce(json_valid(batch.state), false)
                then 'undecodable'
            when topics.topic is null then 'unknown_topic'
            when
                not coalesce(isfinite(batch.happened_at), false)
                or not coalesce(isfinite(batch.recorded_at), false)
                then 'unknown_shape'
            when
                batch.topic in ('policy.adopted.1', 'matrix.adopted.1')
                and try_cast(batch.state ->> '$.effective_from' as timestamptz) is null
                then 'unknown_shape'
            when
                batch.topic = 'centre.warranty_explained.1'
                and try_cast(batch.state ->> '$.period_from' as date) is null
                then 'unknown_shape'
            when
                batch.topic like 'access.%'
                and (
                    try_cast(coalesce(batch.state ->> '$.count', '1') as integer) is null
                    or try_cast(coalesce(batch.state ->> '$.open_case', 'true') as boolean) is null
                )
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
