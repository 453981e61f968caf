-- Grain: one row per thing that somebody got, has still, and left or moved away from since.
with stays as (
    select
        *,
        lag(account) over before is null or lag(has_left) over before as arrives,
        lag(post) over before as former_post,
        lag(centre) over before as former_centre
    from postings
    where until is null or until > posted_at
    window before as (partition by account order by posted_at)
),

-- What somebody may have rests on post and centre: another department alone moves nobody.
moves as (
    select
        account,
        posted_at as moved_at,
        until,
        has_left,
        if(has_left, 'left', 'transferred') as how
    from stays
    where
        has_left
        or (
            not arrives
            and (post <> former_post or centre is distinct from former_centre)
        )
),

-- The first move counts: coming back returns nothing. Given to somebody gone, it waits from then.
final as (
    select
        holdings.account,
        holdings.person,
        moves.moved_at,
        moves.how,
        holdings.kind,
        holdings.thing,
        holdings.centre,
        holdings.unit,
        holdings.since
    from holdings
    inner join moves
        on
            holdings.account = moves.account
            and (
                holdings.since < moves.moved_at
                or (moves.has_left and (moves.until is null or holdings.since < moves.until))
            )
    qualify
        row_number() over (
            partition by holdings.kind, holdings.centre, holdings.unit, holdings.thing
            order by moves.moved_at
        ) = 1
)

select * from final
