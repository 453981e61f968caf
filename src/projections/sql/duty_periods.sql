-- Grain: one row per duty of a centre and period, from the centre's first posting to the moment
-- asked about; the period that the first posting falls into counts.
with centres as (
    select
        postings.centre,
        min(postings.posted_at) as first_at,
        any_value(moment.as_of) as as_of
    from postings
    cross join moment
    where postings.centre is not null
    group by postings.centre
),

kinds as (
    select
        'self_check' as duty,
        'month' as part,
        interval 1 month as step
    union all
    select
        'quality_check' as duty,
        'quarter' as part,
        interval 3 month as step
    union all
    select
        'case_review' as duty,
        'week' as part,
        interval 7 day as step
    union all
    select
        'web_check' as duty,
        'day' as part,
        interval 1 day as step
),

begun as (
    select
        kinds.duty,
        centres.centre,
        unnest(
            generate_series(
                date_trunc(kinds.part, centres.first_at), centres.as_of, kinds.step
            )
        ) as starts_at,
        kinds.step
    from centres
    cross join kinds
),

final as (
    select
        duty,
        centre,
        case duty
            when 'self_check' then strftime(starts_at, '%Y-%m')
            when 'quality_check' then strftime(starts_at, '%Y') || '-Q' || quarter(starts_at)
            when 'case_review' then strftime(starts_at, '%G-W%V')
            when 'web_check' then strftime(starts_at, '%Y-%m-%d')
        end as period,
        starts_at + step - interval 1 second as due_at
    from begun
)

select * from final
