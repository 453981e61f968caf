-- Grain: one row per answer of the gateway and home, case, … it was about; one that found or named
-- nobody has one row without.
-- Of: access.
-- Sorted by: unit, position.
with events as (
    select
        position,
        substr(originator_id, 8) as access,
        recorded_at,
        happened_at as at,
        topic,
        state ->> '$.by' as actor,
        state ->> '$.person' as person,
        state ->> '$.post' as post,
        array_to_string(from_json(state -> '$.fields_asked', '["VARCHAR"]'), ', ') as fields,
        state ->> '$.purpose' as purpose,
        state ->> '$.complaint' as complaint,
        coalesce((state ->> '$.open_case')::boolean, false) as open_case,
        state ->> '$.matrix' as matrix,
        state ->> '$.origin' as origin,
        state ->> '$.request' as request,
        state ->> '$.glass' as glass,
        state ->> '$.reason' as reason,
        coalesce((state ->> '$.count')::integer, 1) as count,
        from_json(
            state -> '$.about',
            '[{
                "kind": "VARCHAR",
                "id": "VARCHAR",
                "centre": "VARCHAR",
                "unit": "VARCHAR",
                "residents": ["VARCHAR"],
                "family": ["VARCHAR"]
            }]'
        ) as about
    from batch
    where topic like 'access.%'
),

unnested as (
    select
        * exclude (about),
        unnest(coalesce(nullif(about, []), [null])) as about,
        unnest(range(greatest(len(about), 1)))::integer as number
    from events
),

final as (
    select
        unnested.position,
        unnested.access,
        unnested.recorded_at,
        unnested.at,
        unnested.topic,
        unnested.actor,
        unnested.person,
        unnested.post,
        unnested.fields,
        unnested.purpose,
        unnested.complaint,
        unnested.open_case,
        unnested.matrix,
        unnested.origin,
        unnested.request,
        unnested.glass,
        unnested.reason,
        unnested.count,
        unnested.number,
        about.kind,
        about.id as subject,
        about.centre,
        about.unit,
        coalesce(about.residents, []) || coalesce(about.family, []) as residents
    from unnested
)

select * from final
