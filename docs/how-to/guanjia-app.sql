-- The application's own role: it appends and reads, and owns nothing.
-- Once for the server:
create role guanjia_app login;
-- As the owner of the store's tables, once for each store, with its schema for :schema:
grant usage on schema :schema to guanjia_app;
grant select, insert on :schema.events, :schema.receipts, :schema.vault_values to guanjia_app;
-- What proves the events: their Merkle log, and the checkpoints signed of it.
grant select, insert on :schema.tree_nodes, :schema.checkpoints to guanjia_app;
-- An erasure deletes what a person's key sealed and the key, and is noted.
grant select, insert, delete on :schema.vault_keys, :schema.vault_phones to guanjia_app;
grant delete on :schema.vault_values to guanjia_app;
grant select, insert on :schema.erasures to guanjia_app;
-- Repeated denials are counted here until their number is recorded as an event.
grant select, insert, delete on :schema.denials to guanjia_app;
grant select on :schema.meta to guanjia_app;
