-- Grain: one row per change of a renovation, as the event carries it.
-- Of: permit.
-- Key: permit.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 8) as permit,
        recorded_at,
        from_json(
            state -> '$.permit',
            '{
                "centre": "VARCHAR",
                "unit": "VARCHAR",
                "status": "VARCHAR",
                "applied_at": "TIMESTAMPTZ",
                "issued_at": "TIMESTAMPTZ",
                "valid_from": "DATE",
                "valid_to": "DATE",
                "completed_at": "TIMESTAMPTZ",
                "patrols_per_day": "INTEGER",
                "irregular": "VARCHAR"
            }'
        ) as p
    from batch
    where topic like 'permit.%' and (state -> '$.permit') is not null
),

final as (
    select
        events.position,
        events.version,
        events.permit,
        events.recorded_at,
        p.centre,
        p.unit,
        p.status,
        p.applied_at,
        p.issued_at,
        p.valid_from,
        p.valid_to,
        p.completed_at,
        p.patrols_per_day,
        p.irregular
    from events
)

select * from final
