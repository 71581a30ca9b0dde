-- Changing the types of a synced table's columns, with everything that depends on them.

-- Reads `[{"column": "id", "type": "bigint", "using": "id::bigint"}, ...]` (`using` is optional) against a table, and
-- leaves out the columns that have the type already. `clause` is the change in ALTER TABLE; `new_type` includes a
-- collation that is not the type's own, which ALTER would otherwise forget.
CREATE OR REPLACE FUNCTION hedgerow.column_changes(parent regclass, changes jsonb)
RETURNS TABLE (attnum smallint, attname name, new_type text, clause text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  wanted record;
  present record;
BEGIN
  FOR wanted IN SELECT * FROM jsonb_to_recordset(changes) AS c ("column" name, type text, "using" text) LOOP
    SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
      CASE WHEN a.attcollation <> t.typcollation THEN concat(' COLLATE ', a.attcollation::regcollation) END AS collated
    INTO present
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE a.attrelid = parent AND a.attname = wanted."column" AND a.attnum > 0 AND NOT a.attisdropped;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'cannot change the column % of %: there is none', quote_ident(wanted."column"), parent
        USING ERRCODE = '42703', HINT = 'Look at the columns the table has.';
    ELSIF hedgerow.type_named(wanted.type) IS NULL THEN
      RAISE EXCEPTION 'cannot change the column %.% to the type %: there is none', parent, quote_ident(wanted."column"),
        quote_literal(wanted.type)
        USING ERRCODE = '42704', HINT = 'Name the type with its namespace where that is not pg_catalog.';
    ELSIF wanted.type <> present.type THEN
      attnum := present.attnum;
      attname := present.attname;
      new_type := concat(wanted.type, (
        SELECT present.collated FROM pg_type WHERE oid = hedgerow.type_named(wanted.type) AND typcollation <> 0));
      clause := concat(format('ALTER COLUMN %I TYPE %s', attname, new_type), ' USING ' || wanted."using");
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;

COMMENT ON FUNCTION hedgerow.column_changes(regclass, jsonb) IS
  'The changes of column types that a table still needs, as ALTER TABLE takes them.';

-- The type of that name, with or without a length; NULL where the text is anything else, so that it is safe in SQL.
CREATE OR REPLACE FUNCTION hedgerow.type_named(type text) RETURNS regtype
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN to_regtype(type);
EXCEPTION WHEN syntax_error OR invalid_parameter_value OR invalid_text_representation THEN
  RETURN NULL;
END
$$;

COMMENT ON FUNCTION hedgerow.type_named(text) IS 'The type of that name, or NULL where there is none.';

-- Changes the type of one column. See hedgerow.change_column_types.
CREATE OR REPLACE FUNCTION hedgerow.change_column_type(
  parent regclass, column_name name, new_type text, using_expression text DEFAULT NULL)
RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN hedgerow.change_column_types(parent, jsonb_build_array(
    jsonb_build_object('column', column_name, 'type', new_type, 'using', using_expression)));
END
$$;

COMMENT ON FUNCTION hedgerow.change_column_type(regclass, name, text, text) IS
  'Changes the type of a synced table''s column, and makes again all that depends on it, or changes nothing.';

-- Changes the types of columns in one pass over the rows, with all that depends on them, or changes nothing and says
-- which object was in the way. Returns the names of the objects that were dropped and made again. The caller sets
-- lock_timeout, shorter than deadlock_timeout so that no reader is ever chosen as a deadlock's victim, and tries again
-- after 55P03. It runs ANALYZE after the commit: the changed columns have no statistics any more, and after a change of
-- the partition key no column has. That change also gives the table a new oid.
CREATE OR REPLACE FUNCTION hedgerow.change_column_types(parent regclass, changes jsonb) RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN hedgerow.finish_type_change(hedgerow.begin_type_change(parent, changes));
END
$$;

COMMENT ON FUNCTION hedgerow.change_column_types(regclass, jsonb) IS
  'Changes the types of a synced table''s columns, and makes again all that depends on them, or changes nothing.';

-- The first half: drops what depends on the columns, and changes them in the parent and in its generation, if it has
-- one. A caller that swaps generations first drops the old one; it may give the parent a new primary key, whose first
-- column becomes the partition key ('{}': none), and attaches the next generation between the halves, so that
-- materialised views are filled from it. All in one transaction. The table must be found again by its name afterwards.
CREATE OR REPLACE FUNCTION hedgerow.begin_type_change(parent regclass, changes jsonb, new_key text[] DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF hedgerow.changes_partition_key(parent, changes) OR new_key <> hedgerow.key_of(parent) THEN
    RETURN hedgerow.remake_parent(parent, changes, new_key[1], new_key);
  ELSIF EXISTS (SELECT FROM hedgerow.column_changes(parent, changes)) THEN
    RETURN hedgerow.alter_in_place(parent, changes);
  END IF;
  RETURN jsonb_build_object('relation', parent, 'objects', '[]'::jsonb);
END
$$;

COMMENT ON FUNCTION hedgerow.begin_type_change(regclass, jsonb, text[]) IS
  'Drops what depends on columns and changes their types; hedgerow.finish_type_change makes it again.';

-- The second half: makes again what the first has dropped, fills materialised views, and returns the names.
CREATE OR REPLACE FUNCTION hedgerow.finish_type_change(begun jsonb) RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  made text[];
BEGIN
  IF begun ? 'starts' THEN
    PERFORM hedgerow.refuse_to_fill_from_nothing(begun);
    made := hedgerow.recreate_dependents(begun);
    PERFORM hedgerow.verify_dependents(begun);
  END IF;
  RETURN coalesce(made, '{}');
END
$$;

COMMENT ON FUNCTION hedgerow.finish_type_change(jsonb) IS
  'Makes again what hedgerow.begin_type_change has dropped, and returns its names.';

-- A materialised view of a parent without a generation would come back empty.
CREATE OR REPLACE FUNCTION hedgerow.refuse_to_fill_from_nothing(begun jsonb) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  parent CONSTANT regclass := begun ->> 'relation';
  filled CONSTANT text := (
    SELECT o ->> 'identity' FROM jsonb_array_elements(begun -> 'objects') AS o
    WHERE o -> 'create' ->> -1 LIKE 'REFRESH %' LIMIT 1);
BEGIN
  IF filled IS NOT NULL AND EXISTS (SELECT FROM pg_class WHERE oid = parent AND relkind = 'p')
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = parent) THEN
    RAISE EXCEPTION 'cannot fill % again: % has no generation', filled, parent
      USING ERRCODE = '55000', HINT = 'Attach a generation before hedgerow.finish_type_change.';
  END IF;
END
$$;

COMMENT ON FUNCTION hedgerow.refuse_to_fill_from_nothing(jsonb) IS
  'Raises where a materialised view would be filled from a synced table without a generation.';

-- The server lets no column change that is in the partition key; it keeps such columns as a part of the table.
CREATE OR REPLACE FUNCTION hedgerow.changes_partition_key(parent regclass, changes jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM hedgerow.column_changes(parent, changes) AS c
    JOIN pg_depend AS d ON d.objsubid = c.attnum
    WHERE d.classid = 'pg_class'::regclass AND d.objid = parent
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = parent AND d.refobjsubid = 0);
END
$$;

COMMENT ON FUNCTION hedgerow.changes_partition_key(regclass, jsonb) IS
  'Whether changes of column types touch the partition key.';
