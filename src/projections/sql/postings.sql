-- Grain: one row per account and time it was posted, transferred or left; it holds until the next.
with final as (
    select
        account,
        person,
        post,
        centre,
        department,
        has_left,
        posted_at,
        lead(posted_at) over (partition by account order by posted_at, version) as until
    from posting_known
)

select * from final
