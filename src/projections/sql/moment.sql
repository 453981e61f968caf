-- Grain: one row, the moment a question is asked about.
-- noqa: disable=all
select
    $as_of::timestamptz as as_of,
    $position::bigint as position
