-- Grain: one row, the values of the built-in policy that figures need.
-- noqa: disable=all
select
    ($built_in::json ->> '$.visits_supervisor_homes')::integer as visits_supervisor_homes,
    ($built_in::json ->> '$.visits_steward_homes')::integer as visits_steward_homes,
    ($built_in::json ->> '$.warranty_completion_percent')::integer as warranty_completion_percent
