-- Grain: one row per finished case: the latest finished round that its own customer judges.
with counted as (
    select rounds.*
    from rounds
    inner join cases on rounds.complaint = cases.complaint
    where
        rounds.finished_at is not null
        and rounds.duty <> 'settled'
        and cases.voided_at is null
),

firsts as (
    select
        complaint,
        revisit as first_revisit
    from rounds
    where round = 1
),

latest as (
    select *
    from counted
    qualify row_number() over (partition by complaint order by round desc) = 1
),

final as (
    select
        latest.*,
        firsts.first_revisit
    from latest
    left join firsts on latest.complaint = firsts.complaint
)

select * from final
