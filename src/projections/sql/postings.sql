-- Grain: one row per account and time it was posted, transferred or left; it holds until the next.
with visible as (
    select posting_facts.*
    from posting_facts
    inner join moment
        on
            posting_facts.recorded_at <= moment.as_of
            and posting_facts.position <= moment.position
),

final as (
    select
        account,
        person,
        post,
        centre,
        department,
        has_left,
        posted_at,
        lead(posted_at) over (partition by account order by posted_at, version) as until
    from visible
)

select * from final
