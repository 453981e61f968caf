-- Grain: one row per numbered paper copy ever issued, out or recalled at the moment asked about.
-- Kept by: unit.
-- Only with: copy_facts.
with final as (
    select
        copy_known.copy,
        homes.centre,
        copy_known.unit,
        if(copy_known.recalled_at is null, 'out', 'recalled') as status,
        copy_known.holder,
        copy_known.person,
        copy_known.post,
        copy_known.issued_at,
        copy_known.updated_at,
        copy_known.pages_replaced,
        copy_known.recalled_at,
        copy_known.irregular
    from copy_known
    inner join homes on copy_known.unit = homes.unit
)

select * from final
