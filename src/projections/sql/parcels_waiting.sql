-- Grain: one row per parcel, letter or fax that waits for somebody at the moment asked about.
-- What nobody was found for in time is archived, and waits no longer: that comes without an event.
with final as (
    select
        parcels.parcel,
        parcels.centre,
        parcels.unit,
        parcels.kind,
        parcels.registered_at,
        parcels.notified_at,
        parcels.due_at,
        parcels.status = 'held' and parcels.due_at < moment.as_of as overdue,
        if(parcels.status = 'held', 'waiting', 'pending') as status,
        parcels.notices,
        parcels.reminded_at,
        parcels.condition,
        parcels.irregular
    from parcels
    cross join moment
    where
        parcels.status = 'held'
        or (parcels.status = 'pending' and parcels.due_at >= moment.as_of)
)

select * from final
