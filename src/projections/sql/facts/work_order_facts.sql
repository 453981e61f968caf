-- Grain: one row per change of a work order, as the event carries it.
-- No other event changes one, so the JSON of the others is not looked into.
-- Of: complaint.
-- Key: complaint, number.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 11) as complaint,
        recorded_at,
        unnest(
            from_json(
                state -> '$.work_orders',
                '[{
                    "centre": "VARCHAR",
                    "number": "BIGINT",
                    "charge": "VARCHAR",
                    "letter": "VARCHAR",
                    "status": "VARCHAR",
                    "handler": "VARCHAR",
                    "opened_at": "TIMESTAMPTZ",
                    "opened_by": "VARCHAR",
                    "returned_at": "TIMESTAMPTZ",
                    "verified_at": "TIMESTAMPTZ",
                    "verified_by": "VARCHAR",
                    "rejections": "INTEGER",
                    "voided_at": "TIMESTAMPTZ"
                }]'
            )
        ) as w
    from batch
    where topic like 'complaint.work_order_%' or topic like 'complaint.voided.%'
),

final as (
    select
        events.position,
        events.version,
        events.complaint,
        events.recorded_at,
        w.centre,
        w.number,
        w.charge,
        w.letter,
        coalesce(w.status, 'opened') as status,
        w.handler,
        w.opened_at,
        w.opened_by,
        w.returned_at,
        w.verified_at,
        w.verified_by,
        coalesce(w.rejections, 0) as rejections,
        w.voided_at
    from events
)

select * from final
