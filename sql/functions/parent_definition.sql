-- The statements that make a synced table's parent again around its generation: columns, constraints, indexes, rights,
-- settings and comments. What is an object beside it (policies, triggers, views) is saved with the dependents.

CREATE OR REPLACE FUNCTION hedgerow.parent_definition(
  parent regclass, generation regclass, changes jsonb, partition_column text, new_key text[])
RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 3
SET datestyle = 'ISO'
SET intervalstyle = 'postgres'
AS $$
DECLARE
  -- What a key no longer holds may be NULL.
  freed CONSTANT text[] := ARRAY(
    SELECT k FROM unnest(hedgerow.key_of(parent)) AS k WHERE NOT k = ANY (new_key));
BEGIN
  RETURN
    hedgerow.parent_statement(parent, changes, partition_column, freed)
    || hedgerow.parent_key(parent, new_key)
    || hedgerow.parent_constraints(parent, freed)
    || hedgerow.parent_indexes(parent)
    || hedgerow.column_settings(parent)
    || hedgerow.relation_rights(parent)
    || hedgerow.object_notes('pg_class'::regclass, parent)
    || hedgerow.parent_settings(parent)
    || CASE WHEN generation IS NOT NULL
      THEN ARRAY[format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, generation)] END;
END
$$;

COMMENT ON FUNCTION hedgerow.parent_definition(regclass, regclass, jsonb, text, text[]) IS
  'Statements that make a synced table''s parent again, and attach its generation.';

CREATE OR REPLACE FUNCTION hedgerow.key_of(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN ARRAY(
    SELECT a.attname::text
    FROM pg_constraint AS k
    CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS c (number, place)
    JOIN pg_attribute AS a ON a.attrelid = rel AND a.attnum = c.number
    WHERE k.conrelid = rel AND k.contype = 'p'
    ORDER BY c.place);
END
$$;

COMMENT ON FUNCTION hedgerow.key_of(regclass) IS 'The columns of a table''s primary key, in order; empty without one.';

CREATE OR REPLACE FUNCTION hedgerow.parent_statement(
  parent regclass, changes jsonb, partition_column text, freed text[])
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT concat(
      format('CREATE TABLE %s (%s) PARTITION BY %s', parent, (
        SELECT string_agg(hedgerow.column_in_sql(parent, a.attnum, n.new_type, freed), ', ' ORDER BY a.attnum)
        FROM pg_attribute AS a
        LEFT JOIN hedgerow.column_changes(parent, changes) AS n ON n.attnum = a.attnum
        WHERE a.attrelid = parent AND a.attnum > 0 AND NOT a.attisdropped),
        coalesce('LIST (' || quote_ident(partition_column) || ')', pg_get_partkeydef(parent))),
      ' USING ' || quote_ident(m.amname), ' TABLESPACE ' || quote_ident(s.spcname))
    FROM pg_class AS c
    LEFT JOIN pg_am AS m ON m.oid = c.relam
    LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
    WHERE c.oid = parent);
END
$$;

COMMENT ON FUNCTION hedgerow.parent_statement(regclass, jsonb, text, text[]) IS
  'CREATE TABLE for a synced table''s parent, with new column types or another partition key.';

-- One column as CREATE TABLE takes it; `new_type`, unless NULL, takes the place of its type and collation. The columns
-- `freed` may be NULL.
CREATE OR REPLACE FUNCTION hedgerow.column_in_sql(rel regclass, number smallint, new_type text, freed text[])
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT concat(
      quote_ident(a.attname), ' ',
      coalesce(new_type, concat(
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %s', a.attcollation::regcollation) END)),
      CASE a.attgenerated
        WHEN '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
        ELSE format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
          CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END) END,
      CASE WHEN a.attnotnull AND NOT a.attname = ANY (freed) THEN concat((
        -- Such constraints have names since PostgreSQL 18.
        SELECT format(' CONSTRAINT %I', k.conname) FROM pg_constraint AS k
        WHERE k.conrelid = rel AND k.contype = 'n' AND k.conkey[1] = number), ' NOT NULL') END)
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = rel AND a.attnum = number);
END
$$;

COMMENT ON FUNCTION hedgerow.column_in_sql(regclass, smallint, text, text[]) IS 'A column as CREATE TABLE takes it.';

-- Its primary key, or `new_key` in the place of it.
CREATE OR REPLACE FUNCTION hedgerow.parent_key(parent regclass, new_key text[]) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  present CONSTANT oid := (SELECT oid FROM pg_constraint WHERE conrelid = parent AND contype = 'p');
BEGIN
  IF new_key = '{}' THEN
    RETURN NULL;
  ELSIF new_key <> hedgerow.key_of(parent) THEN
    RETURN ARRAY[format('ALTER TABLE %s ADD PRIMARY KEY (%s)', parent, (
      SELECT string_agg(quote_ident(k), ', ' ORDER BY place) FROM unnest(new_key) WITH ORDINALITY AS k (k, place)))];
  END IF;
  RETURN hedgerow.index_constraint(present);
END
$$;

COMMENT ON FUNCTION hedgerow.parent_key(regclass, text[]) IS
  'Statements that give a parent its primary key again, or another one.';

-- Its checks, exclusions and keys besides the primary one. Foreign keys are saved with the dependents.
CREATE OR REPLACE FUNCTION hedgerow.parent_constraints(parent regclass, freed text[]) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN ARRAY(
    SELECT s.statement
    FROM pg_constraint AS k
    CROSS JOIN LATERAL unnest(CASE
      WHEN k.contype IN ('u', 'x') THEN hedgerow.index_constraint(k.oid)
      WHEN k.contype = 'c' THEN hedgerow.constraint_definition(k.oid)
      -- It came with its column.
      WHEN k.contype = 'n' AND NOT EXISTS (
        SELECT FROM pg_attribute AS a
        WHERE a.attrelid = parent AND a.attnum = k.conkey[1] AND a.attname = ANY (freed))
        THEN hedgerow.object_notes('pg_constraint'::regclass, k.oid)
    END) WITH ORDINALITY AS s (statement, place)
    WHERE k.conrelid = parent
    ORDER BY k.conname, s.place);
END
$$;

COMMENT ON FUNCTION hedgerow.parent_constraints(regclass, text[]) IS
  'Statements that give a parent its constraints again, except for primary and foreign keys.';

-- A constraint with an index, and the settings of both.
CREATE OR REPLACE FUNCTION hedgerow.index_constraint(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    -- The index's options stand before DEFERRABLE.
    SELECT
      ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, regexp_replace(
        pg_get_constraintdef(k.oid), '(?=( DEFERRABLE( INITIALLY DEFERRED)?)?$)', hedgerow.with_options(c.reloptions)))]
      || hedgerow.object_notes('pg_constraint'::regclass, k.oid)
      || hedgerow.index_settings(k.conindid)
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conindid
    WHERE k.oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.index_constraint(oid) IS 'Statements that make a key or exclusion again, with its index.';

-- Its indexes that are no constraint's.
CREATE OR REPLACE FUNCTION hedgerow.parent_indexes(parent regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(s.statement ORDER BY x.indexrelid, s.place), '{}')
    FROM pg_index AS x
    CROSS JOIN LATERAL unnest(pg_get_indexdef(x.indexrelid) || hedgerow.index_settings(x.indexrelid))
      WITH ORDINALITY AS s (statement, place)
    WHERE x.indrelid = parent
      AND NOT EXISTS (
        SELECT FROM pg_constraint AS k
        WHERE k.conrelid = parent AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')));
END
$$;

COMMENT ON FUNCTION hedgerow.parent_indexes(regclass) IS 'Statements that give a parent its own indexes again.';

-- Row level security and replica identity.
CREATE OR REPLACE FUNCTION hedgerow.parent_settings(parent regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT array_agg(format('ALTER TABLE ONLY %s %s', parent, s.setting))
    FROM pg_class AS c
    CROSS JOIN LATERAL (
      VALUES
        (CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END),
        (CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END),
        (CASE c.relreplident
          WHEN 'f' THEN 'REPLICA IDENTITY FULL'
          WHEN 'n' THEN 'REPLICA IDENTITY NOTHING'
          WHEN 'i' THEN (
            SELECT format('REPLICA IDENTITY USING INDEX %I', i.relname)
            FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
            WHERE x.indrelid = parent AND x.indisreplident) END)
    ) AS s (setting)
    WHERE c.oid = parent AND s.setting IS NOT NULL);
END
$$;

COMMENT ON FUNCTION hedgerow.parent_settings(regclass) IS
  'Statements that give a parent its row level security and replica identity again.';
