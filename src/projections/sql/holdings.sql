-- Grain: one row per thing somebody has at the moment asked about: a case to handle, a key, a paper
-- copy, a document, an export in clear, a home to answer for.
with final as (
    select
        'case' as kind,
        complaint as thing,
        centre,
        unit,
        handler as account,
        handler_person as person,
        handler_since as since
    from cases
    where status = 'open' and merged_at is null and handler is not null
    union all by name
    select
        'key' as kind,
        key as thing,
        centre,
        unit,
        holder as account,
        person,
        since
    from keys
    where place = 'lent'
    union all by name
    select
        'paper_copy' as kind,
        copy as thing,
        centre,
        unit,
        holder as account,
        person,
        issued_at as since
    from paper_copies
    where status = 'out'
    union all by name
    select
        'document' as kind,
        document as thing,
        centre,
        unit,
        holder as account,
        person,
        since
    from documents
    where status = 'borrowed'
    union all by name
    select
        'area' as kind,
        unit as thing,
        centre,
        unit,
        staff as account,
        person,
        since
    from areas
    union all by name
    select
        'export' as kind,
        export as thing,
        centre,
        account,
        person,
        released_at as since
    from exports
    where status = 'released'
)

select * from final
