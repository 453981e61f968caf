-- Grain: one row per centre and month in which something of a handover happened.
-- Each step counts in its own month: a notice when it was given, the latest inspection, the
-- handover; a greeting in that of the moving in, whenever it is paid or due.
with notices as (
    select
        centre,
        strftime(stopped_at, '%Y-%m') as month,
        count(*) as noticed,
        count(*) filter (outcome = 'missed') as noticed_late
    from sla
    where commitment = 'handover_notice'
    group by all
),

inspections as (
    select
        centre,
        strftime(inspected_at, '%Y-%m') as month,
        count(*) as inspected,
        count(*) filter (defects_found > 0) as with_defects,
        sum(defects_found) as defects
    from homes
    where inspected_at is not null
    group by all
),

passed as (
    select
        centre,
        strftime(handed_over_at, '%Y-%m') as month,
        count(*) as handed_over,
        sum(keys) as keys,
        sum(cards) as cards
    from homes
    where handed_over_at is not null
    group by all
),

greetings as (
    select
        centre,
        strftime(started_at, '%Y-%m') as month,
        count(*) filter (outcome in ('met', 'missed', 'open')) as moved_in,
        count(stopped_at) as greeted,
        count(*) filter (outcome = 'missed') as greeting_missed
    from sla
    where commitment = 'greeting'
    group by all
),

together as (
    select * from notices
    union all by name
    select * from inspections
    union all by name
    select * from passed
    union all by name
    select * from greetings
),

final as (
    select
        centre,
        month,
        coalesce(sum(noticed), 0)::bigint as noticed,
        coalesce(sum(noticed_late), 0)::bigint as noticed_late,
        coalesce(sum(inspected), 0)::bigint as inspected,
        coalesce(sum(with_defects), 0)::bigint as with_defects,
        coalesce(sum(defects), 0)::bigint as defects,
        coalesce(sum(handed_over), 0)::bigint as handed_over,
        coalesce(sum(keys), 0)::bigint as keys,
        coalesce(sum(cards), 0)::bigint as cards,
        coalesce(sum(moved_in), 0)::bigint as moved_in,
        coalesce(sum(greeted), 0)::bigint as greeted,
        coalesce(sum(greeting_missed), 0)::bigint as greeting_missed
    from together
    group by centre, month
)

select * from final
