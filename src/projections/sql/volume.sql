-- Grain: one row per centre and month.
with counted as (
    select * from cases
    where voided_at is null
),

received as (
    select
        centre,
        strftime(received_at, '%Y-%m') as month,
        count(*) as cases
    from counted
    group by all
),

finished_cases as (
    select
        counted.centre,
        max(rounds.finished_at) as finished_at
    from counted
    inner join rounds on counted.complaint = rounds.complaint
    where rounds.finished_at is not null
    group by counted.centre, counted.complaint
),

finished_months as (
    select
        centre,
        strftime(finished_at, '%Y-%m') as month,
        count(*) as cases
    from finished_cases
    group by all
),

closed as (
    select
        centre,
        strftime(closed_at, '%Y-%m') as month,
        count(*) as cases
    from counted
    where closed_at is not null
    group by all
),

unfinished as (
    select
        months.centre,
        months.month,
        count(distinct counted.complaint) as cases
    from months
    inner join counted on months.centre = counted.centre
    inner join rounds
        on
            counted.complaint = rounds.complaint
            and months.judged_at >= rounds.started_at
            and (rounds.ended_at is null or months.judged_at < rounds.ended_at)
    group by all
),

final as (
    select
        months.centre,
        months.month,
        coalesce(received.cases, 0) as received,
        coalesce(finished_months.cases, 0) as finished,
        coalesce(closed.cases, 0) as closed,
        coalesce(unfinished.cases, 0) as backlog
    from months
    left join received
        on months.centre = received.centre and months.month = received.month
    left join finished_months
        on months.centre = finished_months.centre and months.month = finished_months.month
    left join closed
        on months.centre = closed.centre and months.month = closed.month
    left join unfinished
        on months.centre = unfinished.centre and months.month = unfinished.month
)

select * from final
