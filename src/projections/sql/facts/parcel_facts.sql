-- Grain: one row per change of a parcel, as the event carries it.
-- Of: parcel.
-- Key: parcel.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as parcel,
        recorded_at,
        from_json(
            state -> '$.parcel',
            '{
                "centre": "VARCHAR",
                "unit": "VARCHAR",
                "kind": "VARCHAR",
                "condition": "VARCHAR",
                "status": "VARCHAR",
                "registered_at": "TIMESTAMPTZ",
                "notified_at": "TIMESTAMPTZ",
                "notices": "INTEGER",
                "reminded_at": "TIMESTAMPTZ",
                "due_at": "TIMESTAMPTZ",
                "ended_at": "TIMESTAMPTZ",
                "irregular": "VARCHAR"
            }'
        ) as p
    from batch
    where topic like 'parcel.%' and (state -> '$.parcel') is not null
),

final as (
    select
        events.position,
        events.version,
        events.parcel,
        events.recorded_at,
        p.centre,
        p.unit,
        p.kind,
        p.condition,
        p.status,
        p.registered_at,
        p.notified_at,
        coalesce(p.notices, 0) as notices,
        p.reminded_at,
        p.due_at,
        p.ended_at,
        p.irregular
    from events
)

select * from final
