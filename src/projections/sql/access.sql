-- Grain: one row per answer of the gateway and home, case, … it was about.
with final as (
    select
        access_facts.at,
        access_facts.position,
        access_facts.actor,
        access_facts.person,
        access_facts.post,
        access_facts.centre,
        access_facts.unit,
        coalesce(
            if(access_facts.kind = 'complaint', access_facts.subject, null), access_facts.complaint
        ) as complaint,
        access_facts.fields,
        access_facts.purpose,
        if(
            access_facts.topic in ('access.disclosed.1', 'access.looked_up.1'),
            'disclosed',
            'denied'
        ) as outcome,
        access_facts.reason,
        access_facts.glass is not null as break_glass,
        access_facts.kind,
        access_facts.subject,
        access_facts.count,
        access_facts.topic = 'access.looked_up.1' as looked_up,
        access_facts.open_case,
        -- The desks' day is from 8 to 20 o'clock.
        hour(access_facts.at) not between 8 and 19 as out_of_hours,
        array_to_string(access_facts.residents, ', ') as residents,
        access_facts.matrix,
        access_facts.origin,
        access_facts.request,
        access_facts.number,
        strftime(access_facts.at, '%Y-%m') as month
    from access_facts
    inner join moment
        on
            access_facts.recorded_at <= moment.as_of
            and access_facts.position <= moment.position
)

select * from final
