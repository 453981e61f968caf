-- Grain: one row per change of a case, as the event carries it.
-- Of: complaint.
-- Key: complaint.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 11) as complaint,
        recorded_at,
        from_json(
            state -> '$.case',
            '{
                "number": "BIGINT",
                "centre": "VARCHAR",
                "department": "VARCHAR",
                "handler": "VARCHAR",
                "handler_person": "VARCHAR",
                "handler_since": "TIMESTAMPTZ",
                "unit": "VARCHAR",
                "channel": "VARCHAR",
                "category": "VARCHAR",
                "urgency": "VARCHAR",
                "level": "VARCHAR",
                "topic": "VARCHAR",
                "validity": "VARCHAR",
                "cause": "VARCHAR",
                "reach": "VARCHAR",
                "major": "BOOLEAN",
                "sensitive": "BOOLEAN",
                "rung": "VARCHAR",
                "escalated_at": "TIMESTAMPTZ",
                "status": "VARCHAR",
                "received_at": "TIMESTAMPTZ",
                "late_registration_seconds": "BIGINT",
                "closed_at": "TIMESTAMPTZ",
                "merged_into": "VARCHAR",
                "merged_at": "TIMESTAMPTZ",
                "voided_at": "TIMESTAMPTZ",
                "customer_caused_days": "INTEGER",
                "progress_contacts": "INTEGER",
                "implied_months": "INTEGER",
                "irregular": "VARCHAR"
            }'
        ) as c
    from batch
    where topic like 'complaint.%' and (state -> '$.case') is not null
),

final as (
    select
        events.position,
        events.version,
        events.complaint,
        events.recorded_at,
        c.number,
        c.centre,
        c.department,
        c.handler,
        c.handler_person,
        c.handler_since,
        c.unit,
        c.channel,
        c.category,
        c.urgency,
        c.level,
        c.topic,
        c.validity,
        c.cause,
        c.reach,
        coalesce(c.major, false) as major,
        coalesce(c.sensitive, false) as sensitive,
        coalesce(c.rung, 'handler') as rung,
        c.escalated_at,
        coalesce(c.status, 'open') as status,
        c.received_at,
        coalesce(c.late_registration_seconds, 0) as late_registration_seconds,
        c.closed_at,
        c.merged_into,
        c.merged_at,
        c.voided_at,
        coalesce(c.customer_caused_days, 0) as customer_caused_days,
        c.progress_contacts,
        c.implied_months,
        c.irregular
    from events
)

select * from final
