-- Grain: one row per parcel, letter or fax that the centre keeps at the moment asked about.
-- What nobody was found for in time is archived: that comes without an event.
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
        case
            when parcels.status = 'held' then 'waiting'
            when parcels.due_at < moment.as_of then 'archived'
            else 'pending'
        end as status,
        parcels.notices,
        parcels.reminded_at,
        parcels.condition,
        parcels.irregular
    from parcels
    cross join moment
    where parcels.status in ('held', 'pending')
)

select * from final
