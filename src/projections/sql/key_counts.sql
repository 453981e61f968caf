-- Grain: one row per count of a key cabinet, as recorded by the moment asked about.
with final as (
    select
        counts.centre,
        counts.counted_at,
        counts.by,
        counts.person,
        len(counts.found) - len(counts.unexpected) - len(counts.unregistered)
        + len(counts.missing) as expected,
        len(counts.found) as found,
        len(counts.missing) as missing,
        len(counts.unexpected) as unexpected,
        len(counts.unregistered) as unregistered,
        nullif(array_to_string(counts.missing, ', '), '') as missing_keys,
        nullif(array_to_string(counts.unexpected, ', '), '') as unexpected_keys,
        nullif(array_to_string(counts.unregistered, ', '), '') as unregistered_keys,
        counts.irregular,
        counts.position
    from key_count_known as counts
)

select * from final
