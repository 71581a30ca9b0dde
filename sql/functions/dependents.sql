-- What depends on a table, at any distance: views on views, functions, policies, foreign keys of other tables.

-- Returns what depends on one object, or on one column of it (`of_column` 0: on any part of it). A view is named
-- itself where the catalog names its SELECT rule. What comes and goes with the object is left out: TOAST tables,
-- partitions, their copies of a parent's triggers and foreign keys, a column's own default. A sequence outlives the
-- column that owns it, and so does what uses it.
CREATE OR REPLACE FUNCTION hedgerow.direct_dependents(of_class oid, of_object oid, of_column integer)
RETURNS TABLE (classid oid, objid oid)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT DISTINCT
    CASE WHEN v.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END,
    coalesce(v.ev_class, d.objid)
  FROM pg_depend AS d
  LEFT JOIN pg_rewrite AS v ON d.classid = 'pg_rewrite'::regclass AND v.oid = d.objid AND v.ev_type = '1'
  LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  LEFT JOIN pg_trigger AS t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
  LEFT JOIN pg_constraint AS k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_attrdef AS a ON d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
  WHERE d.refclassid = of_class AND d.refobjid = of_object
    AND (of_column = 0 OR d.refobjsubid = of_column)
    AND d.deptype IN ('n', 'a', 'i')
    AND (d.classid, d.objid) <> (of_class, of_object)
    AND v.ev_class IS DISTINCT FROM of_object
    AND c.relkind IS DISTINCT FROM 't'
    AND NOT coalesce(c.relispartition AND c.relkind IN ('r', 'p', 'f'), false)
    AND NOT coalesce(t.tgisinternal OR t.tgparentid <> 0, false)
    AND NOT coalesce(k.contype = 't' OR k.contype = 'f' AND k.conparentid <> 0, false)
    AND (a.adrelid, a.adnum) IS DISTINCT FROM (d.refobjid, d.refobjsubid::smallint)
    AND NOT EXISTS (
      SELECT FROM pg_class AS s WHERE of_class = 'pg_class'::regclass AND s.oid = of_object AND s.relkind = 'S')
$$;

COMMENT ON FUNCTION hedgerow.direct_dependents(oid, oid, integer) IS
  'What depends directly on an object, or on one column of it (0: on any part).';

-- Returns everything that depends on the given columns (0: the whole relation), with the length of the longest way
-- to it: dropping by falling and creating by rising depth is always possible. The relations are not among the rows.
CREATE OR REPLACE FUNCTION hedgerow.dependent_objects(relations oid[], columns integer[])
RETURNS TABLE (classid oid, objid oid, depth integer)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- No chain of views is this long; a circle has no end.
  too_deep CONSTANT integer := 500;
BEGIN
  FOR classid, objid, depth IN
    WITH RECURSIVE reached (class, object, part, distance) AS (
      SELECT 'pg_class'::regclass::oid, s.relation, s.part, 0
      FROM unnest(relations, columns) AS s (relation, part)
      UNION
      SELECT d.classid, d.objid, 0, r.distance + 1
      FROM reached AS r
      CROSS JOIN LATERAL hedgerow.direct_dependents(r.class, r.object, r.part) AS d
      WHERE r.distance < too_deep
    )
    SELECT r.class, r.object, max(r.distance)
    FROM reached AS r
    WHERE r.distance > 0 AND NOT (r.class = 'pg_class'::regclass AND r.object = ANY (relations))
    GROUP BY r.class, r.object
    ORDER BY r.class = 'pg_type'::regclass
  LOOP
    IF depth = too_deep THEN
      RAISE EXCEPTION '% is part of a circle of objects that depend on each other',
        pg_describe_object(classid, objid, 0)
        USING ERRCODE = '55000', HINT = 'Drop it, sync again, then make it again.';
    END IF;
    RETURN NEXT;
  END LOOP;
END
$$;

COMMENT ON FUNCTION hedgerow.dependent_objects(oid[], integer[]) IS
  'Everything that depends on columns of relations (0: the whole relation), at any distance.';

-- Returns the relation that an index, constraint, default, policy, trigger, rule or statistics object belongs to; the
-- relation itself for a relation; otherwise NULL.
CREATE OR REPLACE FUNCTION hedgerow.relation_of(of_class oid, of_object oid) RETURNS oid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  CASE of_class
    WHEN 'pg_class'::regclass THEN
      RETURN coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = of_object), of_object);
    WHEN 'pg_constraint'::regclass THEN
      RETURN (SELECT nullif(conrelid, 0) FROM pg_constraint WHERE oid = of_object);
    WHEN 'pg_attrdef'::regclass THEN
      RETURN (SELECT adrelid FROM pg_attrdef WHERE oid = of_object);
    WHEN 'pg_policy'::regclass THEN
      RETURN (SELECT polrelid FROM pg_policy WHERE oid = of_object);
    WHEN 'pg_trigger'::regclass THEN
      RETURN (SELECT tgrelid FROM pg_trigger WHERE oid = of_object);
    WHEN 'pg_rewrite'::regclass THEN
      RETURN (SELECT ev_class FROM pg_rewrite WHERE oid = of_object);
    WHEN 'pg_statistic_ext'::regclass THEN
      RETURN (SELECT stxrelid FROM pg_statistic_ext WHERE oid = of_object);
    ELSE
      RETURN NULL;
  END CASE;
END
$$;

COMMENT ON FUNCTION hedgerow.relation_of(oid, oid) IS
  'The relation that an index, constraint, default, policy, trigger, rule or statistics object belongs to.';

-- Says whether a dependent is nothing but a part of one of the relations (an index, a default, a constraint that is
-- no foreign key) or the row type of any: what nobody thinks of as an object beside the table.
CREATE OR REPLACE FUNCTION hedgerow.is_part_of(of_class oid, of_object oid, relations oid[]) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  CASE of_class
    WHEN 'pg_type'::regclass THEN
      RETURN EXISTS (
        SELECT FROM pg_type AS t
        WHERE t.oid = of_object
          AND (t.typtype = 'c' OR t.oid IN (SELECT e.typarray FROM pg_type AS e WHERE e.oid = t.typelem)));
    WHEN 'pg_constraint'::regclass THEN
      RETURN EXISTS (
        SELECT FROM pg_constraint WHERE oid = of_object AND contype <> 'f' AND conrelid = ANY (relations));
    WHEN 'pg_class'::regclass THEN
      RETURN EXISTS (SELECT FROM pg_index WHERE indexrelid = of_object AND indrelid = ANY (relations));
    WHEN 'pg_attrdef'::regclass THEN
      RETURN EXISTS (SELECT FROM pg_attrdef WHERE oid = of_object AND adrelid = ANY (relations));
    ELSE
      RETURN false;
  END CASE;
END
$$;

COMMENT ON FUNCTION hedgerow.is_part_of(oid, oid, oid[]) IS
  'Whether an object is only an index, default or constraint of one of the relations, or a row type.';

-- Lists what a person made on top of a relation, nearest first: what would be lost with it.
CREATE OR REPLACE FUNCTION hedgerow.dependents(rel regclass)
RETURNS TABLE (kind text, identity text, depth integer)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT i.type, i.identity, d.depth
  FROM hedgerow.dependent_objects(ARRAY[rel::oid], ARRAY[0]) AS d
  CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
  WHERE NOT hedgerow.is_part_of(d.classid, d.objid, ARRAY[rel::oid])
  ORDER BY d.depth, i.type, i.identity
$$;

COMMENT ON FUNCTION hedgerow.dependents(regclass) IS
  'What depends on a relation, at any distance: views, functions, foreign keys, policies, triggers, publications.';
