-- What a relation and its columns have beyond names and types.

-- ` WITH (...)` for the storage options of a relation, or nothing.
CREATE OR REPLACE FUNCTION hedgerow.with_options(options text[]) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT coalesce(' WITH (' || string_agg(format('%s = %L', o.option_name, o.option_value), ', ') || ')', '')
    FROM pg_options_to_table(options) AS o);
END
$$;

COMMENT ON FUNCTION hedgerow.with_options(text[]) IS 'The WITH clause for a relation''s storage options.';

-- Statements for what the columns of a table or materialised view have beyond their types: statistics target,
-- options, storage and compression.
CREATE OR REPLACE FUNCTION hedgerow.column_settings(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(
      format('ALTER TABLE ONLY %s ALTER COLUMN %I SET %s', rel, a.attname, s.setting) ORDER BY a.attnum), '{}')
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    -- Read as JSON, since the types of these catalog columns differ by version.
    CROSS JOIN LATERAL to_jsonb(a) AS j
    CROSS JOIN LATERAL (
      VALUES
        ('STATISTICS ' || nullif((j ->> 'attstattarget')::integer, -1)),
        ('(' || (
          SELECT string_agg(format('%s = %L', o.option_name, o.option_value), ', ')
          FROM pg_options_to_table(a.attoptions) AS o) || ')'),
        (CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage
          WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
        (CASE j ->> 'attcompression' WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END)
    ) AS s (setting)
    WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped AND s.setting IS NOT NULL);
END
$$;

COMMENT ON FUNCTION hedgerow.column_settings(regclass) IS
  'Statements for the statistics targets, options, storage and compression of a relation''s columns.';
