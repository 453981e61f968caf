-- Grain: one row per export in clear that was requested.
-- Kept by: export.
with final as (
    select
        export,
        centre,
        arg_max(status, position) as status,
        max(account) filter (where status = 'requested') as account,
        max(person) filter (where status = 'requested') as person,
        max(person) filter (where status = 'approved') as approver,
        max(fields) filter (where status = 'requested') as fields,
        max(purpose) filter (where status = 'requested') as purpose,
        max(homes) filter (where status = 'released') as homes,
        max(happened_at) filter (where status = 'requested') as requested_at,
        max(happened_at) filter (where status = 'approved') as approved_at,
        max(happened_at) filter (where status = 'released') as released_at,
        max(happened_at) filter (where status = 'destroyed') as destroyed_at,
        max(position) filter (where status = 'released') as position
    from export_known
    group by export, centre
)

select * from final
