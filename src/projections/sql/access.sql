-- Grain: one row per answer of the gateway and home, case, … it was about, as recorded by the
-- moment asked about.
with final as (
    select
        access_known.at,
        access_known.position,
        access_known.actor,
        access_known.person,
        access_known.post,
        access_known.centre,
        access_known.unit,
        coalesce(
            if(access_known.kind = 'complaint', access_known.subject, null), access_known.complaint
        ) as complaint,
        access_known.fields,
        access_known.purpose,
        if(
            access_known.topic in ('access.disclosed.1', 'access.looked_up.1'),
            'disclosed',
            'denied'
        ) as outcome,
        access_known.reason,
        access_known.glass is not null as break_glass,
        access_known.kind,
        access_known.subject,
        access_known.count,
        access_known.topic = 'access.looked_up.1' as looked_up,
        access_known.open_case,
        -- The desks' day is from 8 to 20 o'clock.
        hour(access_known.at) not between 8 and 19 as out_of_hours,
        array_to_string(access_known.residents, ', ') as residents,
        access_known.matrix,
        access_known.origin,
        access_known.request,
        access_known.number,
        strftime(access_known.at, '%Y-%m') as month
    from access_known
)

select * from final
