-- Grain: one row per centre and month.
with received as (
    select
        centre,
        received_in as month,
        count(*) as cases
    from counted
    group by all
),

finished_months as (
    select
        centre,
        finished_in as month,
        count(*) as cases
    from counted
    where finished_in is not null
    group by all
),

closed as (
    select
        centre,
        closed_in as month,
        count(*) as cases
    from counted
    where closed_in is not null
    group by all
),

unfinished as (
    select
        months.centre,
        months.month,
        count(distinct rounds.complaint) as cases
    from months
    inner join rounds
        on
            months.centre = rounds.centre
            and months.judged_at >= rounds.started_at
            and (rounds.ended_at is null or months.judged_at < rounds.ended_at)
    where not rounds.is_void
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
