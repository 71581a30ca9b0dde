-- The changes that make a synced table ready for the columns that arrive:
-- [{"kind": "add", "column": ..., "type": ..., "fill": ...}, {"kind": "rename", "column": ..., "to": ...}, {"kind": "type", "column": ..., "type": ...}]
CREATE OR REPLACE FUNCTION hedgerow.apply_changes(parent regclass, changes jsonb) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hedgerow.add_and_rename(parent, changes);
  RETURN hedgerow.change_column_types(parent, hedgerow.type_changes(changes, NULL));
END
$$;
COMMENT ON FUNCTION hedgerow.apply_changes(regclass, jsonb) IS 'Adds, renames and widens columns of a synced table; returns the views that were made anew for it.';

CREATE OR REPLACE FUNCTION hedgerow.add_and_rename(parent regclass, changes jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item jsonb;
BEGIN
  FOR item IN SELECT * FROM jsonb_array_elements(changes) LOOP
    IF item ->> 'kind' = 'rename' THEN
      EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', parent, item ->> 'column', item ->> 'to');
    ELSIF item ->> 'kind' = 'add' THEN
      -- The default is what rows from before have; rows to come bring their own value.
      EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s DEFAULT %L', parent, item ->> 'column', item ->> 'type', item ->> 'fill');
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I %s', parent, item ->> 'column',
        CASE WHEN item ->> 'column' = '_hedgerow_synced_at' THEN 'SET DEFAULT now()' ELSE 'DROP DEFAULT' END);
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION hedgerow.add_and_rename(regclass, jsonb) IS 'The changes of a synced table that no view minds.';

CREATE OR REPLACE FUNCTION hedgerow.type_changes(changes jsonb, using_form text) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('column', c -> 'column', 'type', c -> 'type', 'using', format(using_form, c ->> 'type'))), '[]')
  FROM jsonb_array_elements(changes) c WHERE c ->> 'kind' = 'type'
$$;
COMMENT ON FUNCTION hedgerow.type_changes(jsonb, text) IS 'The changes of types among changes, each with an expression made from using_form and the type.';

-- Foreign keys of other tables to this one. They do not let a partition go while rows refer to it.
CREATE OR REPLACE FUNCTION hedgerow.referring_keys(parent regclass)
RETURNS TABLE (owner_table regclass, constraint_name name, definition text, note text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid), obj_description(c.oid, 'pg_constraint')
  FROM pg_constraint c WHERE c.contype = 'f' AND c.confrelid = parent AND c.conparentid = 0
$$;
COMMENT ON FUNCTION hedgerow.referring_keys(regclass) IS 'Foreign keys of other tables that refer to a synced table.';

-- Keeps vacuum and analyze off all tables that a swap locks, until the transaction ends; readers and writers go on. To
-- wait for this lock is what makes an autovacuum that is at work give way, after the server's deadlock_timeout: a short
-- try for the swap's own locks never would. A toast table, which has an autovacuum of its own, can be locked by no other
-- statement than a change of its options, here of one that is not set; the swap's DROP would meet that autovacuum.
CREATE OR REPLACE FUNCTION hedgerow.keep_maintenance_off(parent regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other regclass;
BEGIN
  PERFORM set_config('lock_timeout', greatest(3000, setting::integer + 2000)::text, true) FROM pg_settings WHERE name = 'deadlock_timeout';
  FOR other IN SELECT DISTINCT r.owner_table FROM hedgerow.referring_keys(parent) r UNION SELECT parent LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', other);
  END LOOP;
  FOR other IN SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent AND c.reltoastrelid <> 0 LOOP
    EXECUTE format('ALTER TABLE %s RESET (toast.log_autovacuum_min_duration)', other);
  END LOOP;
END
$$;
COMMENT ON FUNCTION hedgerow.keep_maintenance_off(regclass) IS
  'Makes autovacuum give way at the tables that a swap locks, and keeps it off until the transaction ends.';

CREATE OR REPLACE FUNCTION hedgerow.lock_for_swap(parent regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other regclass;
BEGIN
  PERFORM hedgerow.keep_maintenance_off(parent);
  -- As long as one try waits, readers wait behind it: parent and generation, twice this.
  SET LOCAL lock_timeout = '80ms';
  FOR other IN SELECT DISTINCT r.owner_table FROM hedgerow.referring_keys(parent) r LOOP
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', other);
  END LOOP;
  EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', parent);
  SET LOCAL lock_timeout = 0;
END
$$;
COMMENT ON FUNCTION hedgerow.lock_for_swap(regclass) IS
  'Takes the locks of a swap, or fails within seconds with 55P03: roll back to a savepoint then, which lets others go on, and try again.';

-- Puts a generation in the place of the one that a synced table has now, which is dropped. The parent keeps its
-- name, rights, policies, comments, publications, triggers, indexes, views and foreign keys.
CREATE OR REPLACE FUNCTION hedgerow.swap_generation(parent regclass, generation regclass, changes jsonb, key text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name     constant text := parent;
  old      regclass;
  fk       record;
  keys     record;
  said     text[] := '{}';
  begun    jsonb;
BEGIN
  CREATE TEMPORARY TABLE hedgerow_referring ON COMMIT DROP AS SELECT * FROM hedgerow.referring_keys(parent);
  FOR fk IN SELECT * FROM pg_temp.hedgerow_referring LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', fk.owner_table, fk.constraint_name);
  END LOOP;
  FOR old IN SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = parent LOOP
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, old);
    EXECUTE format('DROP TABLE %s', old);
  END LOOP;
  PERFORM hedgerow.add_and_rename(parent, changes);
  -- Without rows there is nothing to convert, so any type can follow any other.
  begun := hedgerow.begin_type_change(parent, hedgerow.type_changes(changes, 'NULL::%s'), key);
  parent := name::regclass;
  FOR keys IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = parent AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
      AND NOT a.attname = ANY (key) LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', parent, keys.attname);
  END LOOP;
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, generation);
  said := said || hedgerow.finish_type_change(begun);
  FOR fk IN SELECT * FROM pg_temp.hedgerow_referring LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', fk.owner_table, fk.constraint_name,
      regexp_replace(fk.definition, ' NOT VALID$', ''));
    IF fk.note IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', fk.constraint_name, fk.owner_table, fk.note);
    END IF;
    IF fk.definition !~ ' NOT VALID$' THEN
      said := said || format('validate:ALTER TABLE %s VALIDATE CONSTRAINT %I', fk.owner_table, fk.constraint_name);
    END IF;
  END LOOP;
  DROP TABLE pg_temp.hedgerow_referring;
  RETURN said;
END
$$;
COMMENT ON FUNCTION hedgerow.swap_generation(regclass, regclass, jsonb, text[]) IS
  'Puts a generation in the place of the current one, which is dropped. Entries that begin with validate: are statements to run afterwards, outside the locked moment.';

-- Gives columns of a table other names, all at once: two may exchange theirs.
CREATE OR REPLACE FUNCTION hedgerow.rename_columns(changed regclass, from_names text[], to_names text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  FOR i IN 1 .. cardinality(from_names) LOOP
    EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', changed, from_names[i], '_hedgerow_renamed_' || i);
  END LOOP;
  FOR i IN 1 .. cardinality(from_names) LOOP
    EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', changed, '_hedgerow_renamed_' || i, to_names[i]);
  END LOOP;
END
$$;
COMMENT ON FUNCTION hedgerow.rename_columns(regclass, text[], text[]) IS 'Renames columns of a table, pair by pair; names may be exchanged.';

-- The indexes that people made on the synced table, on the next generation, before it takes the place: the
-- swap then only finds them. The generation has the columns' new names and the synced table still the old ones, so it
-- bears the old ones for the moment.
CREATE OR REPLACE FUNCTION hedgerow.copy_indexes(parent regclass, generation regclass, renamed text[], names text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found  record;
  head   text;
  made   integer := 0;
  news   text[];
  olds   text[];
BEGIN
  SELECT coalesce(array_agg(m.new), '{}'), coalesce(array_agg(m.old), '{}') INTO news, olds FROM (
    SELECT u.new, u.old FROM unnest(renamed, names) u (old, new)
    UNION ALL
    -- A new column that bears the name which a renamed one had gets out of the way.
    SELECT a.attname, '_hedgerow_new_' || a.attnum FROM pg_attribute a
    WHERE a.attrelid = generation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY (renamed) AND NOT a.attname = ANY (names)) m;
  PERFORM hedgerow.rename_columns(generation, news, olds);
  FOR found IN
    SELECT pg_get_indexdef(i.indexrelid) AS definition, i.indisunique, x.relname, n.nspname, t.relname AS table_name
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE i.indrelid = parent AND NOT i.indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'x'))
  LOOP
    head := format('CREATE %sINDEX %I ON ONLY %I.%I USING ', CASE WHEN found.indisunique THEN 'UNIQUE ' ELSE '' END,
      found.relname, found.nspname, found.table_name);
    CONTINUE WHEN left(found.definition, length(head)) <> head;
    EXECUTE format('CREATE %sINDEX ON %s USING %s', CASE WHEN found.indisunique THEN 'UNIQUE ' ELSE '' END, generation,
      substr(found.definition, length(head) + 1));
    made := made + 1;
  END LOOP;
  PERFORM hedgerow.rename_columns(generation, olds, news);
  RETURN made;
END
$$;
COMMENT ON FUNCTION hedgerow.copy_indexes(regclass, regclass, text[], text[]) IS 'Makes the indexes of a synced table on a generation that is not attached yet; returns how many.';
