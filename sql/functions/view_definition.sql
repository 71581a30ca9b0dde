-- The statements that make a view or a materialised view again, as it is now.

CREATE OR REPLACE FUNCTION hedgerow.view_definition(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[format('CREATE %sVIEW %s%s AS %s', CASE c.relpersistence WHEN 't' THEN 'TEMPORARY ' ELSE '' END,
        rel, hedgerow.with_options(c.reloptions), rtrim(pg_get_viewdef(rel), ';'))]
      || ARRAY(
        SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', rel, a.attname, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef AS d
        JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = rel)
      || hedgerow.relation_rights(rel)
      || hedgerow.object_notes('pg_class'::regclass, rel)
    FROM pg_class AS c WHERE c.oid = rel);
END
$$;

COMMENT ON FUNCTION hedgerow.view_definition(regclass) IS 'Statements that make a view again, as it is now.';

-- One that holds data is filled again, as its owner, from what its query finds then. Its indexes are objects of their
-- own.
CREATE OR REPLACE FUNCTION hedgerow.materialized_view_definition(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[format('CREATE MATERIALIZED VIEW %s USING %I%s%s AS %s WITH NO DATA',
        rel, m.amname, hedgerow.with_options(c.reloptions || ARRAY(
          SELECT 'toast.' || o FROM pg_class AS t, unnest(t.reloptions) AS o WHERE t.oid = c.reltoastrelid)),
        ' TABLESPACE ' || quote_ident(s.spcname), rtrim(pg_get_viewdef(rel), ';'))]
      || hedgerow.column_settings(rel)
      || hedgerow.relation_rights(rel)
      || hedgerow.object_notes('pg_class'::regclass, rel)
      || CASE WHEN c.relispopulated THEN ARRAY[format('REFRESH MATERIALIZED VIEW %s', rel)] END
    FROM pg_class AS c
    JOIN pg_am AS m ON m.oid = c.relam
    LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
    WHERE c.oid = rel);
END
$$;

COMMENT ON FUNCTION hedgerow.materialized_view_definition(regclass) IS
  'Statements that make a materialised view again, as it is now, and fill it.';
