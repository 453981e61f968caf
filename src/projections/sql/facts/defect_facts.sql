-- Grain: one row per change of a defect of a home, as the event carries it.
-- Of: unit.
-- Key: unit, defect.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.defects',
                '[{
                    "defect": "VARCHAR",
                    "kind": "VARCHAR",
                    "where": "VARCHAR",
                    "design": "BOOLEAN",
                    "evidenced": "BOOLEAN",
                    "complaint": "VARCHAR",
                    "warranty_until": "DATE",
                    "status": "VARCHAR",
                    "turn": "INTEGER",
                    "reported_at": "TIMESTAMPTZ",
                    "letter": "VARCHAR",
                    "notified_at": "TIMESTAMPTZ",
                    "finished_at": "TIMESTAMPTZ",
                    "verified_at": "TIMESTAMPTZ",
                    "sent_back_at": "TIMESTAMPTZ",
                    "irregular": "VARCHAR"
                }]'
            )
        ) as d
    from batch
    where topic like 'unit.%'
),

final as (
    select
        events.position,
        events.version,
        events.unit,
        events.recorded_at,
        d.defect,
        d.kind,
        d.where as warranty,
        coalesce(d.design, false) as design,
        coalesce(d.evidenced, false) as evidenced,
        d.complaint,
        d.warranty_until,
        d.status,
        coalesce(d.turn, 1) as turn,
        d.reported_at,
        d.letter,
        d.notified_at,
        d.finished_at,
        d.verified_at,
        d.sent_back_at,
        d.irregular
    from events
)

select * from final
