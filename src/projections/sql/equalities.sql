-- Grain: one row per centre and month in which a repair or special service was received or an order
-- opened. 三个相等 [003]: requests = dispatched, dispatched = work orders, work orders = returned.
-- Requests are counted by the month of receipt and stay there. Cases merged are one matter, thus one
-- request: its survivor's. A matter dispatched twice counts once, and of its orders only the first
-- answers the dispatch: the others are `additional` (another trade, another round), so that a second
-- order never makes up for one that is missing elsewhere. For the same reason the second equality is
-- judged matter by matter, not by the totals. Void cases and void orders are not counted.
-- Numbers are counted by the month in which the order was opened, void ones too.
with matters as (
    select
        cases.centre,
        cases.complaint,
        strftime(cases.received_at, '%Y-%m') as month,
        bool_or(reports.department is not null) as dispatched
    from cases
    inner join cases as reports
        on cases.complaint = coalesce(reports.merged_into, reports.complaint)
    where
        cases.category in ('repair', 'special_service')
        and cases.merged_into is null
        and cases.voided_at is null
        and reports.voided_at is null
    group by all
),

matter_orders as (
    select
        coalesce(cases.merged_into, cases.complaint) as complaint,
        count(*) as opened,
        count(*) filter (work_orders.status in ('returned', 'verified')) as returned
    from work_orders
    inner join cases on work_orders.complaint = cases.complaint
    where work_orders.status != 'void' and cases.voided_at is null
    group by all
),

requests as (
    select
        matters.centre,
        matters.month,
        count(*) as recorded,
        count(*) filter (matters.dispatched) as dispatched,
        coalesce(sum(matter_orders.opened), 0)::bigint as work_orders,
        coalesce(sum(matter_orders.returned), 0)::bigint as returned,
        coalesce(sum(matter_orders.opened - 1), 0)::bigint as additional,
        bool_and(matters.dispatched = (matter_orders.opened is not null)) as dispatched_ordered
    from matters
    left join matter_orders on matters.complaint = matter_orders.complaint
    group by all
),

-- An order typed in after the moment asked about holds its number all the same.
held as (
    select distinct
        work_order_facts.centre,
        work_order_facts.number
    from work_order_facts
    inner join moment on work_order_facts.position <= moment.position
),

gaps as (
    select
        centre,
        number,
        number - coalesce(lag(number) over (partition by centre order by number), 0) - 1 as missing
    from held
),

numbers as (
    select
        work_orders.centre,
        strftime(work_orders.opened_at, '%Y-%m') as month,
        min(work_orders.number) as first_number,
        max(work_orders.number) as last_number,
        count(*) filter (work_orders.status = 'void') as voided,
        sum(gaps.missing)::bigint as missing
    from work_orders
    inner join gaps
        on work_orders.centre = gaps.centre and work_orders.number = gaps.number
    group by all
),

final as (
    select
        coalesce(requests.centre, numbers.centre) as centre,
        coalesce(requests.month, numbers.month) as month,
        coalesce(requests.recorded, 0) as recorded,
        coalesce(requests.dispatched, 0) as dispatched,
        coalesce(requests.work_orders, 0) as work_orders,
        coalesce(requests.returned, 0) as returned,
        coalesce(requests.recorded = requests.dispatched, true) as recorded_dispatched,
        coalesce(requests.dispatched_ordered, true) as dispatched_ordered,
        coalesce(requests.work_orders = requests.returned, true) as ordered_returned,
        numbers.first_number,
        numbers.last_number,
        coalesce(numbers.voided, 0) as voided,
        coalesce(numbers.missing, 0) as missing,
        coalesce(requests.additional, 0) as additional
    from requests
    full outer join numbers
        on requests.centre = numbers.centre and requests.month = numbers.month
)

select * from final
