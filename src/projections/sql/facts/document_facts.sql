-- Grain: one row per change of a document of a household's file, as the event carries it.
-- Of: unit.
-- Key: unit, document.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
        from_json(
            state -> '$.documents',
            '[{
                "document": "VARCHAR",
                "kind": "VARCHAR",
                "status": "VARCHAR",
                "since": "TIMESTAMPTZ",
                "copies": "INTEGER",
                "holder": "VARCHAR",
                "person": "VARCHAR",
                "signed_by": "VARCHAR",
                "due_back": "TIMESTAMPTZ",
                "irregular": "VARCHAR"
            }]'
        ) as documents
    from batch
    where topic like 'unit.%' and (state -> '$.documents') is not null
),

unnested as (
    select
        position,
        version,
        unit,
        recorded_at,
        unnest(documents) as r
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.unit,
        unnested.recorded_at,
        r.document,
        r.kind,
        r.status,
        r.since,
        coalesce(r.copies, 0) as copies,
        r.holder,
        r.person,
        r.signed_by,
        r.due_back,
        r.irregular
    from unnested
)

select * from final
