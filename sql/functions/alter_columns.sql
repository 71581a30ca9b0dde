-- Altering the types of columns once nothing that the server would refuse depends on them.

-- Changes the types of columns that are not in the partition key (`changes`: see hedgerow.column_changes). The parent
-- keeps its oid. Returns what was dropped for it (see saved_dependents.sql).
CREATE OR REPLACE FUNCTION hedgerow.alter_in_place(parent regclass, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- The parent is the first.
  family CONSTANT oid[] :=
    parent::oid || ARRAY(SELECT relid::oid FROM pg_partition_tree(parent) WHERE level > 0 ORDER BY level, relid);
  relations oid[];
  columns integer[];
  saved jsonb;
BEGIN
  SELECT array_agg(a.attrelid), array_agg(a.attnum) INTO relations, columns
  FROM hedgerow.column_changes(parent, changes) AS c
  JOIN pg_attribute AS a ON a.attrelid = ANY (family) AND a.attname = c.attname;
  saved := hedgerow.save_dependents(relations, columns, family, family);
  PERFORM hedgerow.drop_dependents(saved);
  IF hedgerow.is_better_apart(parent, relations, columns) THEN
    PERFORM hedgerow.alter_apart(parent, hedgerow.only_partition(parent), changes);
  ELSE
    PERFORM hedgerow.alter_column_types(parent::text, parent, family, changes);
  END IF;
  RETURN saved;
END
$$;

COMMENT ON FUNCTION hedgerow.alter_in_place(regclass, jsonb) IS
  'Changes the types of columns that are not in the partition key, and returns what was dropped for it.';

-- Altered through its parent, a partition has every index on the columns built anew, also where the new type is stored
-- like the old one (varchar and text). Altered by itself it keeps them. Foreign keys to the parent forbid parting.
CREATE OR REPLACE FUNCTION hedgerow.is_better_apart(parent regclass, relations oid[], columns integer[])
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      (SELECT count(*) = 1 AND bool_and(i.inhrelid = t.partdefid)
       FROM pg_inherits AS i JOIN pg_partitioned_table AS t ON t.partrelid = i.inhparent
       WHERE i.inhparent = parent)
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE confrelid = parent)
      AND EXISTS (
        SELECT FROM unnest(relations, columns) AS c (relation, number)
        JOIN pg_index AS x ON x.indrelid = c.relation
        JOIN pg_inherits AS i ON i.inhrelid = x.indexrelid
        WHERE c.number = ANY (x.indkey)));
END
$$;

COMMENT ON FUNCTION hedgerow.is_better_apart(regclass, oid[], integer[]) IS
  'Whether altering a generation by itself saves building its indexes anew.';

CREATE OR REPLACE FUNCTION hedgerow.alter_apart(parent regclass, generation regclass, changes jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, generation);
  PERFORM hedgerow.alter_column_types(parent::text, generation, ARRAY[generation::oid], changes);
  PERFORM hedgerow.alter_column_types(parent::text, parent, ARRAY[parent::oid], changes);
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', parent, generation);
END
$$;

COMMENT ON FUNCTION hedgerow.alter_apart(regclass, regclass, jsonb) IS
  'Alters a parent and its generation apart, and puts them together again.';

-- Alters one table with its partitions (`family`), for the synced table that is called `parent`.
CREATE OR REPLACE FUNCTION hedgerow.alter_column_types(parent text, rel regclass, family oid[], changes jsonb)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  settings CONSTANT text[] := hedgerow.settings_reset_by_alter(family);
  clauses text;
  reason text;
  detail text;
  told text[];
BEGIN
  SELECT string_agg(c.clause, ', ') INTO clauses FROM hedgerow.column_changes(rel, changes) AS c;
  EXECUTE format('ALTER TABLE %s %s', rel, clauses);
  PERFORM hedgerow.run_statements(settings);
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  IF hedgerow.may_pass(SQLSTATE) THEN RAISE; END IF;
  told := hedgerow.without_values(SQLSTATE, reason, detail);
  RAISE EXCEPTION 'cannot change the column types of %: %', parent, told[1]
    USING ERRCODE = '55000', HINT = 'Drop what does not work with the new types, or reload the table.',
      DETAIL = concat_ws(E'\n', clauses, told[2],
        'These depend on the columns: ' || hedgerow.checked_by_alter(rel, changes));
END
$$;

COMMENT ON FUNCTION hedgerow.alter_column_types(text, regclass, oid[], jsonb) IS
  'Alters the types of columns, which nothing that the server would refuse depends on any more.';

-- Names what ALTER COLUMN ... TYPE may fail at without a name, or with half of one: checks, foreign keys and indexes
-- with expressions, which it makes again by itself, and tables that hold whole rows of this one.
CREATE OR REPLACE FUNCTION hedgerow.checked_by_alter(rel regclass, changes jsonb) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT string_agg(DISTINCT concat(i.type, ' ', i.identity), ', ')
    FROM (
      SELECT d.classid, d.objid
      FROM jsonb_to_recordset(changes) AS c ("column" name)
      JOIN pg_attribute AS a ON a.attrelid = rel AND a.attname = c."column"
      JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = rel AND d.refobjsubid = a.attnum
      WHERE d.objid IN (SELECT oid FROM pg_constraint WHERE contype IN ('c', 'f', 'x') AND conparentid = 0)
        OR d.objid IN (SELECT indexrelid FROM pg_index WHERE indexprs IS NOT NULL OR indpred IS NOT NULL)
      UNION
      SELECT d.classid, d.objid
      FROM pg_type AS t
      JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      WHERE t.typrelid = rel AND d.classid = 'pg_class'::regclass AND d.objsubid > 0
    ) AS o (class, object)
    CROSS JOIN LATERAL pg_identify_object(o.class, o.object, 0) AS i);
END
$$;

COMMENT ON FUNCTION hedgerow.checked_by_alter(regclass, jsonb) IS
  'What depends on the columns and may make ALTER TABLE fail.';

-- Statements for what ALTER COLUMN ... TYPE forgets: storage and compression of columns, statistics targets of indexes
-- and of extended statistics.
CREATE OR REPLACE FUNCTION hedgerow.settings_reset_by_alter(family oid[]) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN
    ARRAY(SELECT s FROM unnest(family) AS f, unnest(hedgerow.column_settings(f)) AS s)
    || ARRAY(
      SELECT s FROM pg_index AS x, unnest(hedgerow.index_targets(x.indexrelid)) AS s
      WHERE x.indrelid = ANY (family))
    || ARRAY(
      SELECT s FROM pg_statistic_ext AS e, unnest(hedgerow.statistics_target(e.oid)) AS s
      WHERE e.stxrelid = ANY (family) AND pg_has_role(e.stxowner, 'USAGE'));
END
$$;

COMMENT ON FUNCTION hedgerow.settings_reset_by_alter(oid[]) IS
  'Statements for the settings that a change of column types resets.';
