-- Grain: one row, the moment a question is asked about.
select
    $as_of::timestamptz as as_of,
    $position::bigint as position
