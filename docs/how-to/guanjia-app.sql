-- The application's own role: it appends and reads, and owns nothing.
-- Run as the owner of the store's tables, once for each store, with its schema for :schema.
create role guanjia_app login;
grant usage on schema :schema to guanjia_app;
grant select, insert on :schema.events, :schema.receipts, :schema.vault_values to guanjia_app;
-- Destroying a subject's key destroys its values: the one thing that may be deleted.
grant select, insert, delete on :schema.vault_keys to guanjia_app;
grant select on :schema.meta to guanjia_app;
