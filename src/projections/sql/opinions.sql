-- Grain: one row per centre, period (month or quarter), its first day, dimension and value [002 4.6].
-- What was received counts in the period of its receipt, a promise in that in which it was due (or
-- missed by a move), revisits in that of the latest finish: so what a period says of promises is
-- settled when it is over. `cases` of `counted` is the rate.
with spans as (
    select unnest(['month', 'quarter']) as period
),

described as (
    select
        cases.centre,
        spans.period,
        date_trunc(spans.period, cases.received_at)::date as starts_on,
        cases.category,
        cases.channel,
        cases.topic,
        cases.cause,
        if(cases.category = 'complaint', coalesce(cases.validity, 'unjudged'), null) as validity,
        if(
            cases.category = 'complaint' and cases.validity is distinct from 'invalid',
            cases.topic,
            null
        ) as repeated_topic
    from cases
    cross join spans
    where cases.voided_at is null
),

received as (
    unpivot described
    on category, channel, topic, cause, validity, repeated_topic
    into name dimension value value
),

grouped as (
    select
        centre,
        period,
        starts_on,
        dimension,
        value,
        count(*) as cases
    from received
    group by all
),

shares as (
    select
        *,
        sum(cases) over (partition by centre, period, starts_on, dimension) as counted
    from grouped
),

volumes as (
    select
        volume.centre,
        spans.period,
        date_trunc(spans.period, (volume.month || '-01')::date)::date as starts_on,
        sum(volume.received) as received,
        sum(volume.finished) as finished,
        sum(volume.closed) as closed,
        arg_max(volume.backlog, volume.month) as carried_over
    from volume
    cross join spans
    group by all
),

handled as (
    unpivot volumes
    on received, finished, closed, carried_over
    into name value value cases
),

promises as (
    select
        sla.centre,
        spans.period,
        date_trunc(spans.period, coalesce(sla.missed_at, sla.due_at))::date as starts_on,
        'commitment' as dimension,
        sla.commitment as value,
        count(*) filter (where sla.outcome = 'met') as cases,
        count(*) as counted
    from sla
    cross join spans
    where sla.kind = 'complaint' and sla.outcome in ('met', 'missed')
    group by all
),

revisited as (
    select
        revisits.*,
        spans.period,
        date_trunc(spans.period, (revisits.month || '-01')::date)::date as starts_on,
        revisits.scope as value
    from revisits
    cross join spans
),

asked as (
    select
        centre,
        period,
        starts_on,
        'revisit' as dimension,
        value,
        revisited as cases,
        due as counted
    from revisited

    union all

    select
        centre,
        period,
        starts_on,
        'revisit_on_time' as dimension,
        value,
        on_time as cases,
        due as counted
    from revisited

    union all

    select
        centre,
        period,
        starts_on,
        'final_satisfied' as dimension,
        value,
        final_satisfied as cases,
        final_satisfied + unsatisfied as counted
    from revisited
),

first_rounds as (
    select
        cases.centre,
        spans.period,
        date_trunc(spans.period, finished.finished_at)::date as starts_on,
        'first_pass_satisfied' as dimension,
        unnest(
            if(
                cases.category = 'complaint' and coalesce(cases.validity, '') = 'valid',
                ['all', 'complaints'],
                ['all']
            )
        ) as value,
        (finished.first_revisit = 'satisfied')::bigint as cases,
        1 as counted
    from finished
    inner join cases on finished.complaint = cases.complaint
    cross join spans
    where finished.first_revisit in ('satisfied', 'unsatisfied')
),

actions as (
    select
        corrective_action_known.centre,
        spans.period,
        date_trunc(spans.period, corrective_action_known.taken_at)::date as starts_on,
        'corrective_action' as dimension,
        corrective_action_known.topic as value,
        corrective_action_known.cases
    from corrective_action_known
    cross join spans
),

together as (
    select * from shares
    where dimension <> 'repeated_topic' or cases > 1

    union all by name

    select
        *,
        'volume' as dimension
    from handled

    union all by name

    select * from promises

    union all by name

    select * from asked

    union all by name

    select * from first_rounds

    union all by name

    select * from actions
),

final as (
    select
        centre,
        period,
        strftime(starts_on, '%Y-%m-%d') as period_start,
        dimension,
        value,
        sum(cases)::bigint as cases,
        sum(counted)::bigint as counted,
        sum(cases) / nullif(sum(counted), 0) as rate,
        strftime(starts_on, '%Y-%m') as month
    from together
    group by centre, period, starts_on, dimension, value
)

select * from final
