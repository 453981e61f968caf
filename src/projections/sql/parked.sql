-- Grain: one row per aggregate with an event that cannot be taken; later ones are passed over.
with final as (
    select
        split_part(parked_streams.stream, ':', 1) as kind,
        substr(
            parked_streams.stream, length(split_part(parked_streams.stream, ':', 1)) + 2
        ) as subject,
        parked_streams.version,
        parked_streams.position,
        parked_streams.topic as event,
        parked_streams.error
    from parked_streams
    inner join moment on parked_streams.position <= moment.position
)

select * from final
