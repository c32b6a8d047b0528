-- Roles of least privilege for the gateway's PostgreSQL database. May be run again at any time.
--
--   surehand_owner    owns the tables and brings them up to date; not used while the gateway serves
--   surehand_app      the gateway: adds to the trail, cannot change or remove anything in it
--   surehand_auditor  the verifier: reads the trail
--
-- Use, as a superuser, in the gateway's own database:
--   1. psql -v ON_ERROR_STOP=1 -d surehand -f roles.sql, then give each role its password
--      (\password surehand_owner, and so on).
--   2. Run the gateway's program with --migrate and surehand_owner in DATABASE_URL; it creates its tables, and ends.
--   3. Run this file again: now there are tables to grant rights on.
--   4. Run the gateway with surehand_app in DATABASE_URL.
-- After an upgrade that changes the tables, repeat steps 2 to 4.

begin;

do $$
declare
  name text;
begin
  foreach name in array array['surehand_owner', 'surehand_app', 'surehand_auditor'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication', name);
    end if;
  end loop;
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to surehand_owner, surehand_app, surehand_auditor', current_database());
end $$;

revoke all on schema public from public;
grant usage, create on schema public to surehand_owner;
grant usage on schema public to surehand_app, surehand_auditor;

do $$
declare
  rights record;
begin
  for rights in
    select * from (values
      -- Never update, delete or truncate, here as little as in the triggers.
      ('audit_records', 'select, insert', 'surehand_app'),
      ('sensitive_values', 'select, insert', 'surehand_app'),
      -- Its one row is also the chain's lock.
      ('chain_head', 'select, update', 'surehand_app'),
      ('writes', 'select, insert, update', 'surehand_app'),
      ('claims', 'select, insert, delete', 'surehand_app'),
      ('idempotency_keys', 'select, insert, update, delete', 'surehand_app'),
      ('leases', 'select, insert, update', 'surehand_app'),
      ('accounts', 'select, insert, update', 'surehand_app'),
      ('sessions', 'select, insert, update, delete', 'surehand_app'),
      ('owed_revocations', 'select, insert, update, delete', 'surehand_app'),
      ('noted_ids', 'select, insert, update, delete', 'surehand_app'),
      -- To see that there is nothing to bring up to date.
      ('kysely_migration', 'select', 'surehand_app'),
      ('kysely_migration_lock', 'select', 'surehand_app'),
      ('audit_records', 'select', 'surehand_auditor'),
      ('chain_head', 'select', 'surehand_auditor')
    ) as listed (relation, privileges, grantee)
    where to_regclass('public.' || relation) is not null
  loop
    execute format('revoke all on public.%I from public, %I', rights.relation, rights.grantee);
    execute format('grant %s on public.%I to %I', rights.privileges, rights.relation, rights.grantee);
  end loop;
end $$;

commit;
