-- Grain: one row per numbered paper copy ever issued, out or recalled at the moment asked about.
with visible as (
    select copy_facts.*
    from copy_facts
    inner join moment
        on
            copy_facts.recorded_at <= moment.as_of
            and copy_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit, copy order by version desc) = 1
),

final as (
    select
        latest.copy,
        homes.centre,
        latest.unit,
        if(latest.recalled_at is null, 'out', 'recalled') as status,
        latest.holder,
        latest.person,
        latest.post,
        latest.issued_at,
        latest.updated_at,
        latest.pages_replaced,
        latest.recalled_at,
        latest.irregular
    from latest
    inner join homes on latest.unit = homes.unit
)

select * from final
