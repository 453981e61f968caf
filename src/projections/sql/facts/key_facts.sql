-- Grain: one row per change of a key, as the event carries it.
-- Of: key.
-- Key: key.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 5) as key,
        recorded_at,
        from_json(
            state -> '$.key',
            '{
                "centre": "VARCHAR",
                "unit": "VARCHAR",
                "kind": "VARCHAR",
                "place": "VARCHAR",
                "since": "TIMESTAMPTZ",
                "resident": "VARCHAR",
                "purpose": "VARCHAR",
                "until": "TIMESTAMPTZ",
                "holder": "VARCHAR",
                "person": "VARCHAR",
                "permit": "VARCHAR",
                "complaint": "VARCHAR",
                "due_back": "TIMESTAMPTZ",
                "irregular": "VARCHAR"
            }'
        ) as k
    from batch
    where topic like 'key.%' and (state -> '$.key') is not null
),

final as (
    select
        events.position,
        events.version,
        events.key,
        events.recorded_at,
        k.centre,
        k.unit,
        k.kind,
        k.place,
        k.since,
        k.resident,
        k.purpose,
        k.until,
        k.holder,
        k.person,
        k.permit,
        k.complaint,
        k.due_back,
        k.irregular
    from events
)

select * from final
