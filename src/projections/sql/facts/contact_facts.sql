-- Grain: one row per contact with the customer while a case lasts: a reply or a progress report.
-- Of: complaint.
with final as (
    select
        position,
        substr(originator_id, 11) as complaint,
        recorded_at,
        happened_at as contacted_at
    from batch
    where topic in ('complaint.replied.1', 'complaint.progress_reported.1')
)

select * from final
