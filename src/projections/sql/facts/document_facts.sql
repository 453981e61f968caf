-- Grain: one row per change of a document of a household's file, as the event carries it.
-- Of: unit.
-- Key: unit, document.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        unnest(
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
            )
        ) as r
    from batch
    where topic like 'unit.%'
),

final as (
    select
        events.position,
        events.version,
        events.unit,
        events.recorded_at,
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
    from events
)

select * from final
