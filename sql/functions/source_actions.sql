CREATE OR REPLACE FUNCTION hedgerow.reload(source text, schema text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner constant bigint := hedgerow.find_source(source);
  only_id   bigint := CASE WHEN schema IS NOT NULL THEN hedgerow.find_schema(source, schema) END;
  changed   integer;
BEGIN
  UPDATE hedgerow.schema s SET must_reload = true, next_at = clock_timestamp(), requested_at = clock_timestamp(),
    last_status = nullif(nullif(s.last_status, 'failed'), 'retrying'), error = NULL, hint = NULL, attempts = 0
  WHERE s.source_id = owner AND s.enabled AND (only_id IS NULL OR s.id = only_id);
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM pg_notify('hedgerow', 'work');
  RETURN changed;
END
$$;
COMMENT ON FUNCTION hedgerow.reload(text, text) IS
  'Makes the next sync load from the start, whatever system the source is now; the rows of now stay readable until the new ones are in. Returns how many schemas that is.';

CREATE OR REPLACE FUNCTION hedgerow.pause(source text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE hedgerow.source SET is_paused = true WHERE id = hedgerow.find_source(pause.source)
$$;
COMMENT ON FUNCTION hedgerow.pause(text) IS 'Stops a source''s syncs from starting; one that runs comes to its end.';

CREATE OR REPLACE FUNCTION hedgerow.resume(source text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE hedgerow.source SET is_paused = false WHERE id = hedgerow.find_source(resume.source);
  SELECT pg_notify('hedgerow', 'work')
$$;
COMMENT ON FUNCTION hedgerow.resume(text) IS 'Lets a paused source''s syncs start again.';

CREATE OR REPLACE FUNCTION hedgerow.sync_now(source text, schema text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner constant bigint := hedgerow.find_source(source);
  only_id   bigint := CASE WHEN schema IS NOT NULL THEN hedgerow.find_schema(source, schema) END;
  changed   integer;
BEGIN
  IF (SELECT o.is_paused FROM hedgerow.source o WHERE o.id = owner) THEN
    PERFORM hedgerow.refuse(format('source %s is paused', source), format('Let it go on with: SELECT hedgerow.resume(%L)', source));
  END IF;
  UPDATE hedgerow.schema s SET requested_at = clock_timestamp(), next_at = clock_timestamp()
  WHERE s.source_id = owner AND s.enabled AND (only_id IS NULL OR s.id = only_id);
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed = 0 THEN
    PERFORM hedgerow.refuse(CASE WHEN schema IS NULL THEN format('source %s has no enabled schema', source) ELSE format('%s.%s is not enabled', source, schema) END,
      format('Enable one, as in: hedgerow set %s.%s enabled=true', source, coalesce(schema, 'TABLE')));
  END IF;
  PERFORM pg_notify('hedgerow', 'work');
  RETURN changed;
END
$$;
COMMENT ON FUNCTION hedgerow.sync_now(text, text) IS 'Asks a running hedgerow serve to sync a source or one schema of it now; returns how many schemas that is.';

-- Always succeeds: a table that others depend on is kept and named rather than dropped with them.
CREATE OR REPLACE FUNCTION hedgerow.unlink(source text, keep_tables boolean DEFAULT false) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner constant bigint := hedgerow.find_source(source);
  item      hedgerow.schema;
  names     text[];
  said      text[] := '{}';
BEGIN
  FOR item IN SELECT s.* FROM hedgerow.schema s WHERE s.source_id = owner ORDER BY s.name FOR UPDATE LOOP
    names := ARRAY(SELECT g.table_name FROM hedgerow.generation g WHERE g.schema_id = item.id);
    DELETE FROM hedgerow.generation g WHERE g.schema_id = item.id AND g.state = 'current';
    PERFORM hedgerow.drop_leftovers(item.id);
    CONTINUE WHEN cardinality(names) = 0;
    IF keep_tables THEN
      said := said || format('%s.%s is kept.', item.namespace, item.table_name);
      CONTINUE;
    END IF;
    BEGIN
      EXECUTE format('DROP TABLE IF EXISTS %I.%I', item.namespace, item.table_name);
    EXCEPTION WHEN dependent_objects_still_exist THEN
      said := said || format('%s.%s is kept, since other objects depend on it. To drop it with them: DROP TABLE %s.%s CASCADE',
        item.namespace, item.table_name, quote_ident(item.namespace), quote_ident(item.table_name));
    END;
  END LOOP;
  DELETE FROM hedgerow.source s WHERE s.id = owner;
  RETURN said;
END
$$;
COMMENT ON FUNCTION hedgerow.unlink(text, boolean) IS
  'Takes a source away with its tables, or without them. A table that views depend on is kept, and named in the answer.';
