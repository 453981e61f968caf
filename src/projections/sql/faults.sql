-- Grain: one row per event of the batch that cannot be taken, with the reason.
-- The relation topics holds what this release can read; state is null where bytes are no text.
-- What facts cast is tried here first: a value that is no time or number stops its stream alone.
with timed as (
    select
        *,
        try(json_extract_string(state, ['$.at', '$.recorded_at'])) as times
    from batch
),

judged as (
    select
        timed.position,
        timed.originator_id as stream,
        timed.originator_version as version,
        timed.topic,
        case
            when not coalesce(json_valid(timed.state), false) then 'undecodable'
            when topics.topic is null then 'unknown_topic'
            when
                not coalesce(isfinite(try_cast(timed.times[1] as timestamptz)), false)
                or not coalesce(isfinite(try_cast(timed.times[2] as timestamptz)), false)
                then 'unknown_shape'
            when
                timed.topic in ('policy.adopted.1', 'matrix.adopted.1')
                and try_cast(timed.state ->> '$.effective_from' as timestamptz) is null
                then 'unknown_shape'
            when
                timed.topic = 'centre.warranty_explained.1'
                and try_cast(timed.state ->> '$.period_from' as date) is null
                then 'unknown_shape'
            when
                timed.topic like 'access.%'
                and (
                    try_cast(coalesce(timed.state ->> '$.count', '1') as integer) is null
                    or try_cast(coalesce(timed.state ->> '$.open_case', 'true') as boolean) is null
                )
                then 'unknown_shape'
        end as error
    from timed
    left join topics on timed.topic = topics.topic
),

final as (
    select *
    from judged
    where error is not null
)

select * from final
