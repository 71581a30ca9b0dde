-- The changes that make a synced table ready for the columns that arrive:
-- [{"kind": "add", "column": ..., "type": ..., "fill": ...}, {"kind": "rename", "column": ..., "to": ...}, {"kind": "type", "column": ..., "type": ...}]
CREATE OR REPLACE FUNCTION hedgerow.apply_changes(parent regclass, changes jsonb) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name constant text := parent;
  item jsonb;
  said text[] := '{}';
BEGIN
  FOR item IN SELECT * FROM jsonb_array_elements(changes) LOOP
    -- A change of type can make the table anew, under its name.
    parent := name::regclass;
    CASE item ->> 'kind'
      WHEN 'add' THEN
        -- The default is what rows from before have; rows to come bring their own value.
        EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s DEFAULT %L', parent, item ->> 'column', item ->> 'type', item ->> 'fill');
        IF item ->> 'column' = '_hedgerow_synced_at' THEN
          EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT now()', parent, item ->> 'column');
        ELSE
          EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', parent, item ->> 'column');
        END IF;
      WHEN 'rename' THEN
        EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', parent, item ->> 'column', item ->> 'to');
      WHEN 'type' THEN
        said := said || hedgerow.change_column_type(parent, (item ->> 'column')::name, item ->> 'type');
    END CASE;
  END LOOP;
  RETURN said;
END
$$;
COMMENT ON FUNCTION hedgerow.apply_changes(regclass, jsonb) IS 'Adds, renames and widens columns of a synced table; returns the views that were made anew for it.';

-- Foreign keys of other tables to this one. They do not let a partition go while rows refer to it.
CREATE OR REPLACE FUNCTION hedgerow.referring_keys(parent regclass)
RETURNS TABLE (owner_table regclass, constraint_name name, definition text, note text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid), obj_description(c.oid, 'pg_constraint')
  FROM pg_constraint c WHERE c.contype = 'f' AND c.confrelid = parent AND c.conparentid = 0
$$;
COMMENT ON FUNCTION hedgerow.referring_keys(regclass) IS 'Foreign keys of other tables that refer to a synced table.';

CREATE OR REPLACE FUNCTION hedgerow.lock_for_swap(parent regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  other regclass;
BEGIN
  FOR other IN SELECT DISTINCT r.owner_table FROM hedgerow.referring_keys(parent) r LOOP
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', other);
  END LOOP;
  EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', parent);
END
$$;
COMMENT ON FUNCTION hedgerow.lock_for_swap(regclass) IS 'Takes the locks of a swap. The caller sets lock_timeout.';

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
  has_key  text[];
  key_name name;
BEGIN
  CREATE TEMPORARY TABLE hedgerow_referring ON COMMIT DROP AS SELECT * FROM hedgerow.referring_keys(parent);
  FOR fk IN SELECT * FROM pg_temp.hedgerow_referring LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', fk.owner_table, fk.constraint_name);
  END LOOP;
  FOR old IN SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = parent LOOP
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, old);
    EXECUTE format('DROP TABLE %s', old);
  END LOOP;
  said := said || hedgerow.apply_changes(parent, changes);
  parent := name::regclass;
  SELECT c.conname, ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY u (number, position)
      JOIN pg_attribute a ON a.attrelid = parent AND a.attnum = u.number ORDER BY u.position)
    INTO key_name, has_key FROM pg_constraint c WHERE c.conrelid = parent AND c.contype = 'p';
  IF coalesce(has_key, '{}') <> key THEN
    IF key_name IS NOT NULL THEN EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', parent, key_name); END IF;
    IF cardinality(key) > 0 THEN
      parent := hedgerow.partition_by(parent, key[1]);
      EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (%s)', parent,
        (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (k, n)));
    ELSE
      -- Columns of a key that is gone may be NULL from now on.
      FOR keys IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = parent AND a.attnum > 0 AND a.attnotnull LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', parent, keys.attname);
      END LOOP;
    END IF;
  END IF;
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, generation);
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

-- A key needs the partition column in it. A parent without rows is made anew where it has another one.
CREATE OR REPLACE FUNCTION hedgerow.partition_by(parent regclass, column_name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
      WHERE p.partrelid = parent AND a.attname = column_name) THEN
    RETURN parent;
  END IF;
  RETURN hedgerow.rebuild_parent(parent, column_name);
END
$$;
COMMENT ON FUNCTION hedgerow.partition_by(regclass, text) IS 'Makes sure that a synced table is partitioned by a column; returns the table, which may be a new one of the same name.';

-- The indexes that people made on the synced table, on the next generation, before it takes the place: the
-- swap then only finds them.
CREATE OR REPLACE FUNCTION hedgerow.copy_indexes(parent regclass, generation regclass) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found  record;
  head   text;
  made   integer := 0;
BEGIN
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
  RETURN made;
END
$$;
COMMENT ON FUNCTION hedgerow.copy_indexes(regclass, regclass) IS 'Makes the indexes of a synced table on a generation that is not attached yet; returns how many.';
