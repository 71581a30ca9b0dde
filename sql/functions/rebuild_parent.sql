-- Changing the partition key. The server refuses that, so the parent is made again around the same generation: no row
-- is copied unless its type demands it, and the generation's indexes are attached as they are.

-- Makes a synced table's parent again, with the same name, owner and grants and all that hung on it, partitioned by
-- another column unless that is NULL. Returns the table, which has a new oid. While a generation is swapped, call
-- hedgerow.begin_type_change and hedgerow.finish_type_change instead.
CREATE OR REPLACE FUNCTION hedgerow.rebuild_parent(parent regclass, partition_column text DEFAULT NULL)
RETURNS regclass
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  name CONSTANT text := parent;
BEGIN
  PERFORM hedgerow.finish_type_change(hedgerow.remake_parent(parent, '[]', partition_column, NULL));
  RETURN name::regclass;
END
$$;

COMMENT ON FUNCTION hedgerow.rebuild_parent(regclass, text) IS
  'Makes a synced table''s parent again around the same generation, partitioned by another column if one is given.';

-- The same, with other types for columns (`changes`: see hedgerow.column_changes) and another primary key, unless that
-- is NULL. Returns what was dropped for it (see saved_dependents.sql), which is not made again yet.
CREATE OR REPLACE FUNCTION hedgerow.remake_parent(
  parent regclass, changes jsonb, partition_column text, new_key text[])
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  generation CONSTANT regclass := hedgerow.only_partition(parent);
  name CONSTANT text := parent;
  columns CONSTANT integer[] := ARRAY(
    SELECT a.attnum FROM hedgerow.column_changes(parent, changes) AS c
    JOIN pg_attribute AS a ON a.attrelid = generation AND a.attname = c.attname);
  in_place CONSTANT oid[] := array_remove(ARRAY[generation::oid], NULL);
  saved jsonb;
  definition text[];
BEGIN
  saved := hedgerow.save_dependents(parent::oid || array_fill(generation::oid, ARRAY[cardinality(columns)]),
    0 || columns, parent::oid || in_place, in_place);
  definition := hedgerow.parent_definition(parent, generation, changes, partition_column, new_key);
  PERFORM hedgerow.drop_dependents(saved);
  PERFORM hedgerow.drop_parent(parent, generation);
  IF cardinality(columns) > 0 THEN
    PERFORM hedgerow.alter_column_types(name, generation, in_place, changes);
  END IF;
  PERFORM hedgerow.create_parent(name, definition);
  RETURN saved;
END
$$;

COMMENT ON FUNCTION hedgerow.remake_parent(regclass, jsonb, text, text[]) IS
  'Makes a synced table''s parent again, with other types or another key, and returns what was dropped for it.';

-- NULL for a parent without a partition, as it is while generations are swapped.
CREATE OR REPLACE FUNCTION hedgerow.only_partition(parent regclass) RETURNS regclass
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  partitions CONSTANT oid[] := ARRAY(SELECT inhrelid FROM pg_inherits WHERE inhparent = parent);
  default_partition CONSTANT oid := (SELECT partdefid FROM pg_partitioned_table WHERE partrelid = parent);
BEGIN
  -- Without any, it is 0. For a table that is not partitioned, it is NULL.
  IF (partitions <> '{}' AND partitions = ARRAY[default_partition] OR partitions = '{}' AND default_partition = 0)
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = parent) THEN
    RETURN partitions[1];
  END IF;
  RAISE EXCEPTION 'cannot rebuild %: it is not a synced table', parent
    USING ERRCODE = '55000', HINT = 'Drop the partitions that were added, then sync again.',
      DETAIL = 'A synced table has one partition, its generation, which is its default, and is no partition itself.';
END
$$;

COMMENT ON FUNCTION hedgerow.only_partition(regclass) IS
  'The generation of a synced table, or NULL; raises for other tables.';

CREATE OR REPLACE FUNCTION hedgerow.drop_parent(parent regclass, generation regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  name CONSTANT text := parent;
  reason text;
  detail text;
  told text[];
BEGIN
  IF generation IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, generation);
  END IF;
  EXECUTE format('DROP TABLE %s RESTRICT', parent);
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  IF hedgerow.may_pass(SQLSTATE) THEN RAISE; END IF;
  told := hedgerow.without_values(SQLSTATE, reason, detail);
  RAISE EXCEPTION 'cannot change the partition key of %: %', name, told[1]
    USING ERRCODE = '2BP01', DETAIL = coalesce(told[2], ''),
      HINT = 'Drop what is named here, sync again, then make it again.';
END
$$;

COMMENT ON FUNCTION hedgerow.drop_parent(regclass, regclass) IS
  'Drops a synced table''s parent, which nothing depends on any more, and keeps the generation.';

CREATE OR REPLACE FUNCTION hedgerow.create_parent(name text, definition text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  statement text;
  reason text;
  detail text;
  told text[];
BEGIN
  FOREACH statement IN ARRAY definition LOOP
    EXECUTE statement;
  END LOOP;
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  IF hedgerow.may_pass(SQLSTATE) THEN RAISE; END IF;
  told := hedgerow.without_values(SQLSTATE, reason, detail);
  RAISE EXCEPTION 'cannot change the partition key of %: %', name, told[1]
    USING ERRCODE = '55000', DETAIL = concat_ws(E'\n', statement, told[2]),
      HINT = 'Drop what does not work with the new types, or reload the table with its new columns.';
END
$$;

COMMENT ON FUNCTION hedgerow.create_parent(text, text[]) IS
  'Runs the statements of hedgerow.parent_definition.';
