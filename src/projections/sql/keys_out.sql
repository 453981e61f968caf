-- Grain: one row per key that is lent out at the moment asked about.
with final as (
    select
        keys.key,
        keys.centre,
        keys.unit,
        keys.holder,
        keys.purpose,
        keys.permit,
        keys.complaint,
        keys.since as lent_at,
        keys.due_back,
        keys.due_back < moment.as_of as overdue,
        keys.kind,
        keys.person,
        keys.resident,
        keys.irregular
    from keys
    cross join moment
    where keys.place = 'lent'
)

select * from final
