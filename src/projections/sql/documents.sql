-- Grain: one row per document of a household's file, where it is at the moment asked about.
with final as (
    select
        document_known.document,
        homes.centre,
        document_known.unit,
        document_known.kind,
        document_known.status,
        document_known.since,
        document_known.copies,
        document_known.holder,
        document_known.person,
        document_known.signed_by,
        document_known.due_back,
        document_known.status = 'borrowed' and document_known.due_back < moment.as_of as overdue,
        document_known.irregular
    from document_known
    inner join homes on document_known.unit = homes.unit
    cross join moment
)

select * from final
