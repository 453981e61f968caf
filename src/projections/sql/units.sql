-- Grain: one row per home of the register at the moment asked about.
with lived_in as (
    select
        unit,
        count(*) as residents
    from residents
    where until is null
    group by unit
),

parked as (
    select
        unit,
        count(*) as spaces
    from parking
    where until is null
    group by unit
),

final as (
    select
        homes.unit,
        homes.centre,
        homes.building,
        homes.area,
        homes.status,
        homes.owner,
        coalesce(lived_in.residents, 0) as residents,
        coalesce(parked.spaces, 0) as spaces,
        areas.staff as steward,
        homes.registered_at,
        homes.noticed_at,
        strftime(homes.handover_on, '%Y-%m-%d') as handover_on,
        homes.notice_days,
        homes.inspected_at,
        homes.defects_found,
        homes.handed_over_at,
        homes.keys,
        homes.cards,
        homes.irregular
    from homes
    left join lived_in on homes.unit = lived_in.unit
    left join parked on homes.unit = parked.unit
    left join areas on homes.unit = areas.unit
)

select * from final
