-- Grain: one row per change of a numbered paper copy, as the event carries it.
-- Of: unit.
-- Key: unit, copy.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        (state ->> '$.recorded_at')::timestamptz as recorded_at,
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
        ) as copies
    from batch
    where topic like 'unit.%' and (state -> '$.copies') is not null
),

unnested as (
    select
        position,
        version,
        unit,
        recorded_at,
        unnest(copies) as r
    from events
),

final as (
    select
        unnested.position,
        unnested.version,
        unnested.unit,
        unnested.recorded_at,
        r.copy_no as copy,
        r.holder,
        r.person,
        r.post,
        r.issued_at,
        r.updated_at,
        coalesce(r.pages_replaced, 0) as pages_replaced,
        r.recalled_at,
        r.irregular
    from unnested
)

select * from final
