-- Grain: one row per home handed over for which no renovation permit was issued.
-- Its owner is called regularly; any visit of the kind renovation_call is such a call.
with issued as (
    select distinct unit
    from permits
    where issued_at is not null
),

calls as (
    select
        unit,
        count(*) as calls,
        max(visited_at) as last_called_at
    from visits
    where kind = 'renovation_call'
    group by unit
),

final as (
    select
        homes.unit,
        homes.centre,
        homes.handed_over_at,
        coalesce(calls.calls, 0) as calls,
        calls.last_called_at,
        date_diff('day', coalesce(calls.last_called_at, homes.handed_over_at), moment.as_of)
            as days_since
    from homes
    cross join moment
    left join calls on homes.unit = calls.unit
    where homes.handed_over_at is not null and homes.unit not in (select issued.unit from issued)
)

select * from final
