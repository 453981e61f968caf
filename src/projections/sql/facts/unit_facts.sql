-- Grain: one row per change of a home, as the event carries it.
-- Of: unit.
-- Key: unit.
with events as (
    select
        position,
        originator_version as version,
        substr(originator_id, 6) as unit,
        recorded_at,
        from_json(
            state -> '$.unit',
            '{
                "centre": "VARCHAR",
                "building": "VARCHAR",
                "area": "VARCHAR",
                "status": "VARCHAR",
                "registered_at": "TIMESTAMPTZ",
                "owner": "VARCHAR",
                "noticed_at": "TIMESTAMPTZ",
                "handover_on": "DATE",
                "notice_days": "INTEGER",
                "inspected_at": "TIMESTAMPTZ",
                "defects_found": "INTEGER",
                "handed_over_at": "TIMESTAMPTZ",
                "keys": "INTEGER",
                "cards": "INTEGER",
                "irregular": "VARCHAR"
            }'
        ) as u
    from batch
    where topic like 'unit.%' and (state -> '$.unit') is not null
),

final as (
    select
        events.position,
        events.version,
        events.unit,
        events.recorded_at,
        u.centre,
        u.building,
        u.area,
        u.status,
        u.registered_at,
        u.owner,
        u.noticed_at,
        u.handover_on,
        u.notice_days,
        u.inspected_at,
        coalesce(u.defects_found, 0) as defects_found,
        u.handed_over_at,
        coalesce(u.keys, 0) as keys,
        coalesce(u.cards, 0) as cards,
        u.irregular
    from events
)

select * from final
