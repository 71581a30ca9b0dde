-- The statements that drop an object, and those that make it again, as it is now, with its owner, grants and comments.
-- They are written while the object still exists, and every name in them is qualified.

CREATE OR REPLACE FUNCTION hedgerow.object_definition(of_class oid, of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
-- As pg_dump does it: constants must come back exactly as they were.
SET extra_float_digits = 3
SET datestyle = 'ISO'
SET intervalstyle = 'postgres'
AS $$
BEGIN
  RETURN CASE of_class
    WHEN 'pg_class'::regclass THEN hedgerow.relation_definition(of_object)
    WHEN 'pg_proc'::regclass THEN hedgerow.routine_definition(of_object)
    WHEN 'pg_policy'::regclass THEN hedgerow.policy_definition(of_object)
    WHEN 'pg_trigger'::regclass THEN hedgerow.trigger_definition(of_object)
    WHEN 'pg_rewrite'::regclass THEN hedgerow.rule_definition(of_object)
    WHEN 'pg_constraint'::regclass THEN hedgerow.constraint_definition(of_object)
    WHEN 'pg_statistic_ext'::regclass THEN hedgerow.statistics_definition(of_object)
    WHEN 'pg_publication_rel'::regclass THEN hedgerow.publication_definition(of_object)
  END;
END
$$;

COMMENT ON FUNCTION hedgerow.object_definition(oid, oid) IS 'Statements that make an object again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.drop_statement(of_class oid, of_object oid) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT CASE
      WHEN of_class = 'pg_constraint'::regclass THEN (
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint WHERE oid = of_object)
      WHEN of_class = 'pg_publication_rel'::regclass THEN (
        SELECT format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, r.prrelid::regclass)
        FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid WHERE r.oid = of_object)
      WHEN i.type = 'sequence' THEN format('ALTER SEQUENCE %s OWNED BY NONE', i.identity)
      ELSE format('DROP %s %s', hedgerow.kind_in_sql(i.type), i.identity)
    END
    FROM pg_identify_object(of_class, of_object, 0) AS i);
END
$$;

COMMENT ON FUNCTION hedgerow.drop_statement(oid, oid) IS
  'The statement that drops an object; a sequence is only cut loose from its column.';

CREATE OR REPLACE FUNCTION hedgerow.relation_definition(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE (SELECT relkind FROM pg_class WHERE oid = rel)
    WHEN 'v' THEN hedgerow.view_definition(rel)
    WHEN 'm' THEN hedgerow.materialized_view_definition(rel)
    WHEN 'i' THEN ARRAY[pg_get_indexdef(rel)] || hedgerow.index_settings(rel)
    WHEN 'S' THEN hedgerow.sequence_definition(rel)
  END;
END
$$;

COMMENT ON FUNCTION hedgerow.relation_definition(regclass) IS
  'Statements that make a view, materialised view, index or the tie of a sequence again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.index_targets(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT ARRAY(
      SELECT format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', rel, a.attnum, j ->> 'attstattarget')
      FROM pg_attribute AS a CROSS JOIN LATERAL to_jsonb(a) AS j
      WHERE a.attrelid = rel AND (j ->> 'attstattarget')::integer >= 0
      ORDER BY a.attnum));
END
$$;

COMMENT ON FUNCTION hedgerow.index_targets(regclass) IS
  'Statements for the statistics targets of an index''s expressions.';

-- What ALTER has given an index since it was made.
CREATE OR REPLACE FUNCTION hedgerow.index_settings(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      hedgerow.index_targets(rel)
      || ARRAY(
        SELECT format('ALTER INDEX %s SET TABLESPACE %I', rel, s.spcname)
        FROM pg_class AS c JOIN pg_tablespace AS s ON s.oid = c.reltablespace WHERE c.oid = rel)
      || ARRAY(
        SELECT format('ALTER TABLE %s CLUSTER ON %I', x.indrelid::regclass, c.relname)
        FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid WHERE c.oid = rel AND x.indisclustered)
      || hedgerow.object_notes('pg_class'::regclass, rel));
END
$$;

COMMENT ON FUNCTION hedgerow.index_settings(regclass) IS
  'Statements for what an index has beyond its definition: statistics targets, tablespace, CLUSTER, comments.';

-- A sequence is kept; only its tie to the column that owns it is made again.
CREATE OR REPLACE FUNCTION hedgerow.sequence_definition(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT ARRAY[format('ALTER SEQUENCE %s OWNED BY %s.%I', rel, a.attrelid::regclass, a.attname)]
    FROM pg_depend AS d
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = rel AND d.refclassid = 'pg_class'::regclass
      AND d.deptype = 'a');
END
$$;

COMMENT ON FUNCTION hedgerow.sequence_definition(regclass) IS
  'The statement that ties a sequence to the column that owns it now.';

-- A function or procedure; it is dropped only where its arguments, result or SQL-standard body name what is. Such a
-- body is checked. One in a string was never tied to tables, and may find them by another search path.
CREATE OR REPLACE FUNCTION hedgerow.routine_definition(routine regprocedure) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[
        format('SET LOCAL check_function_bodies = %s', to_jsonb(p) ->> 'prosqlbody' IS NOT NULL),
        pg_get_functiondef(routine),
        format('ALTER ROUTINE %s OWNER TO %I', routine, pg_get_userbyid(p.proowner)),
        format('SELECT hedgerow.restore_routine_grants(%L::regprocedure, %L::aclitem[])', routine, p.proacl)]
      || hedgerow.object_notes('pg_proc'::regclass, routine)
    FROM pg_proc AS p WHERE p.oid = routine);
END
$$;

COMMENT ON FUNCTION hedgerow.routine_definition(regprocedure) IS
  'Statements that make a function or procedure again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.constraint_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))]
      || hedgerow.object_notes('pg_constraint'::regclass, of_object)
    FROM pg_constraint WHERE oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.constraint_definition(oid) IS
  'Statements that make a constraint of a table again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.statistics_target(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT ARRAY(
      SELECT format('ALTER STATISTICS %s SET STATISTICS %s', i.identity, s.stxstattarget)
      FROM pg_statistic_ext AS s
      CROSS JOIN LATERAL pg_identify_object('pg_statistic_ext'::regclass, s.oid, 0) AS i
      WHERE s.oid = of_object AND s.stxstattarget >= 0));
END
$$;

COMMENT ON FUNCTION hedgerow.statistics_target(oid) IS
  'The statement for an extended statistics object''s target, if it has one.';

CREATE OR REPLACE FUNCTION hedgerow.statistics_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[
        pg_get_statisticsobjdef(s.oid),
        format('ALTER STATISTICS %s OWNER TO %I', i.identity, pg_get_userbyid(s.stxowner))]
      || hedgerow.statistics_target(of_object)
      || hedgerow.object_notes('pg_statistic_ext'::regclass, of_object)
    FROM pg_statistic_ext AS s
    CROSS JOIN LATERAL pg_identify_object('pg_statistic_ext'::regclass, s.oid, 0) AS i
    WHERE s.oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.statistics_definition(oid) IS
  'Statements that make an extended statistics object again, as it is now.';
