-- Grain: one row per document of a household's file, where it is at the moment asked about.
with visible as (
    select document_facts.*
    from document_facts
    inner join moment
        on
            document_facts.recorded_at <= moment.as_of
            and document_facts.position <= moment.position
),

latest as (
    select *
    from visible
    qualify row_number() over (partition by unit, document order by version desc) = 1
),

final as (
    select
        latest.document,
        homes.centre,
        latest.unit,
        latest.kind,
        latest.status,
        latest.since,
        latest.copies,
        latest.holder,
        latest.person,
        latest.signed_by,
        latest.due_back,
        latest.status = 'borrowed' and latest.due_back < moment.as_of as overdue,
        latest.irregular
    from latest
    inner join homes on latest.unit = homes.unit
    cross join moment
)

select * from final
