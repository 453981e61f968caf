-- Grain: one row per aggregate that makes promises, with where it belongs.
with final as (
    select
        'complaint' as kind,
        complaint as subject,
        centre,
        department,
        unit,
        irregular
    from cases
    union all by name
    select
        'permit' as kind,
        permit as subject,
        centre,
        unit,
        irregular
    from permits
    union all by name
    select
        'key' as kind,
        key as subject,
        centre,
        unit,
        irregular
    from keys
    union all by name
    select
        'parcel' as kind,
        parcel as subject,
        centre,
        unit,
        irregular
    from parcels
    union all by name
    select
        'unit' as kind,
        unit as subject,
        centre,
        unit,
        irregular
    from homes
    union all by name
    select
        'glass' as kind,
        glass as subject,
        centre,
        unit,
        irregular
    from glasses
)

select * from final
