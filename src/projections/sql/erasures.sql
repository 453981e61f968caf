-- Grain: one row per request to erase a person's data, with when it was first decided on: the data
-- was erased or, under a legal hold, restricted.
-- Kept by: privacy.
with requests as (
    select *
    from privacy_known
    where step = 'erasure_requested'
),

decided as (
    select
        privacy,
        position,
        person,
        happened_at
    from privacy_known
    where step in ('erased', 'restricted')
),

final as (
    select
        requests.privacy,
        requests.centre,
        requests.unit,
        requests.resident,
        requests.happened_at as requested_at,
        min(decided.happened_at) as decided_at,
        arg_min(decided.person, decided.happened_at) as person
    from requests
    left join decided
        on
            requests.privacy = decided.privacy
            and requests.position < decided.position
    group by all
)

select * from final
