-- A synced table's name: <prefix>_<kind>_<schema> in snake_case, as PostHog names them.
CREATE OR REPLACE FUNCTION hedgerow.snake_case(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT trim(BOTH '_' FROM regexp_replace(
    lower(regexp_replace(regexp_replace(name, '([A-Z]+)([A-Z][a-z])', '\1_\2', 'g'), '([a-z0-9])([A-Z])', '\1_\2', 'g')),
    '[^a-z0-9_]+', '_', 'g'))
$$;
COMMENT ON FUNCTION hedgerow.snake_case(text) IS 'The name in lower case with underscores; characters other than a-z, 0-9 and _ become _.';

CREATE OR REPLACE FUNCTION hedgerow.free_table_name(namespace text, prefix text, kind text, schema text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  body   text := hedgerow.snake_case(schema);
  wanted text;
  short  text := left(md5(schema), 6);
BEGIN
  IF body = '' THEN body := short; END IF;
  wanted := CASE WHEN prefix = '' THEN '' ELSE rtrim(prefix, '_') || '_' END || hedgerow.snake_case(kind) || '_' || body;
  IF length(wanted) > 63 THEN wanted := left(wanted, 56) || '_' || short; END IF;
  IF EXISTS (SELECT FROM hedgerow.schema s WHERE s.namespace = free_table_name.namespace AND s.table_name = wanted) THEN
    wanted := left(wanted, 56) || '_' || short;
  END IF;
  RETURN wanted;
END
$$;
COMMENT ON FUNCTION hedgerow.free_table_name(text, text, text, text) IS
  'A name for the synced table that no other schema has. Two schemas whose names differ only in case or signs get a hash of theirs at the end.';
