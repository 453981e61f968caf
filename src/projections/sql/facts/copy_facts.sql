-- Grain: one row per change of a numbered paper copy, as the event carries it.
-- Of: unit.
-- Key: unit, copy.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        unnest(
            from_json(
                state -> '$.copies',
                '[{
                    "copy_no": "VARCHAR",
                    "holder": "VARCHAR",
                    "person": "VARCHAR",
                    "post": "VARCHAR",
                    "issued_at": "TIMESTAMPTZ",
                    "updated_at": "TIMESTAMPTZ",
                    "pages_replaced": "INTEGER",
                    "recalled_at": "TIMESTAMPTZ",
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
        r.copy_no as copy,
        r.holder,
        r.person,
        r.post,
        r.issued_at,
        r.updated_at,
        coalesce(r.pages_replaced, 0) as pages_replaced,
        r.recalled_at,
        r.irregular
    from events
)

select * from final
