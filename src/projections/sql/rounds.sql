-- Grain: one row per case and round of handling, as it stood at the moment asked about.
-- Kept by: complaint.
-- An irregular reopening leaves a round that nothing ended: the next one does.
with ended as (
    select
        * exclude (position, version, recorded_at) replace (
            least(
                ended_at, lead(started_at) over (partition by complaint order by round)
            ) as ended_at
        )
    from round_known
),

final as (
    select
        ended.*,
        cases.centre,
        cases.voided_at is not null as is_void
    from ended
    inner join cases on ended.complaint = cases.complaint
)

select * from final
