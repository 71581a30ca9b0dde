-- What every kind of object may carry, as statements that give it to the object again. They are written while the
-- object still exists, and every name in them is qualified.

-- The word for an object's kind in DROP and COMMENT.
CREATE OR REPLACE FUNCTION hedgerow.kind_in_sql(kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE kind
    WHEN 'table constraint' THEN 'CONSTRAINT'
    WHEN 'statistics object' THEN 'STATISTICS'
    ELSE upper(regexp_replace(kind, '^(table|view|materialized view) (?=column$)', ''))
  END;
END
$$;

COMMENT ON FUNCTION hedgerow.kind_in_sql(text) IS
  'The word in DROP and COMMENT for a kind that pg_identify_object returns.';

-- Statements for what any object may have: comments and security labels, also of its columns, and the extensions
-- with which it is to be dropped.
CREATE OR REPLACE FUNCTION hedgerow.object_notes(of_class oid, of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(n.statement ORDER BY n.part, n.statement), '{}')
    FROM (
      SELECT d.objsubid, format('COMMENT ON %s %s IS %L', hedgerow.kind_in_sql(i.type), i.identity, d.description)
      FROM pg_description AS d, pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
      WHERE d.classoid = of_class AND d.objoid = of_object
      UNION ALL
      SELECT l.objsubid, format('SECURITY LABEL FOR %I ON %s %s IS %L',
        l.provider, hedgerow.kind_in_sql(i.type), i.identity, l.label)
      FROM pg_seclabel AS l, pg_identify_object(l.classoid, l.objoid, l.objsubid) AS i
      WHERE l.classoid = of_class AND l.objoid = of_object
      UNION ALL
      SELECT 0, format('ALTER %s %s DEPENDS ON EXTENSION %I', hedgerow.kind_in_sql(i.type), i.identity, e.extname)
      FROM pg_depend AS d
      JOIN pg_extension AS e ON e.oid = d.refobjid
      CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
      WHERE d.classid = of_class AND d.objid = of_object AND d.refclassid = 'pg_extension'::regclass
        AND d.deptype = 'x'
    ) AS n (part, statement));
END
$$;

COMMENT ON FUNCTION hedgerow.object_notes(oid, oid) IS
  'Statements that give an object its comments, security labels and ties to extensions.';
