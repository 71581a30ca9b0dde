CREATE OR REPLACE FUNCTION hedgerow.new_generation_name() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
BEGIN
  -- A catalogue that was made anew finds the tables of the one before.
  LOOP
    name := 'g' || nextval('hedgerow.generation_number');
    EXIT WHEN to_regclass(format('hedgerow_data.%I', name)) IS NULL;
  END LOOP;
  RETURN name;
END
$$;
COMMENT ON FUNCTION hedgerow.new_generation_name() IS 'A name for a generation''s table in hedgerow_data.';

CREATE OR REPLACE FUNCTION hedgerow.begin_generation(schema_id bigint, generation text, shape text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO hedgerow.generation (schema_id, table_name, state, shape) VALUES (schema_id, generation, 'loading', shape)
$$;
COMMENT ON FUNCTION hedgerow.begin_generation(bigint, text, text) IS 'Registers a generation that is loaded in several transactions.';

CREATE OR REPLACE FUNCTION hedgerow.make_current(schema_id bigint, generation text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM hedgerow.generation g WHERE g.schema_id = make_current.schema_id;
  INSERT INTO hedgerow.generation (schema_id, table_name, state) VALUES (make_current.schema_id, generation, 'current');
END
$$;
COMMENT ON FUNCTION hedgerow.make_current(bigint, text) IS 'Makes a generation the one that is read, and forgets the others.';

-- Tables that belong to no schema any more, or to a load that cannot go on.
DROP FUNCTION IF EXISTS hedgerow.drop_leftovers(bigint);
CREATE OR REPLACE FUNCTION hedgerow.drop_leftovers(schema_id bigint, keeping_shape text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old     text;
  dropped integer := 0;
BEGIN
  FOR old IN
    DELETE FROM hedgerow.generation g
    WHERE g.schema_id = drop_leftovers.schema_id AND g.state = 'loading' 
      AND (keeping_shape IS NULL OR g.shape IS DISTINCT FROM keeping_shape OR g.created_at < now() - interval '1 day')
    RETURNING g.table_name
  LOOP
    EXECUTE format('DROP TABLE IF EXISTS hedgerow_data.%I', old);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
COMMENT ON FUNCTION hedgerow.drop_leftovers(bigint, text) IS
  'Drops a schema''s generation that was being loaded, unless its load has the shape given, is less than a day old and can go on.';

CREATE OR REPLACE FUNCTION hedgerow.put_load_progress(schema_id bigint, progress jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE hedgerow.generation g SET progress = put_load_progress.progress
  WHERE g.schema_id = put_load_progress.schema_id AND g.state = 'loading'
$$;
COMMENT ON FUNCTION hedgerow.put_load_progress(bigint, jsonb) IS 'Stores how far a chunked load has got, in the transaction of its chunk.';

CREATE OR REPLACE FUNCTION hedgerow.put_range_progress(schema_id bigint, range_number integer, range jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE hedgerow.generation g SET progress = jsonb_set(g.progress, ARRAY['ranges', range_number::text], range)
  WHERE g.schema_id = put_range_progress.schema_id AND g.state = 'loading'
$$;
COMMENT ON FUNCTION hedgerow.put_range_progress(bigint, integer, jsonb) IS 'Stores how far one range of a chunked load has got, in the transaction of its chunk.';

-- First loads of many tables end at the same moment: one after the other makes and opens their namespace, since
-- PostgreSQL refuses two such changes at once (`tuple concurrently updated`).
CREATE OR REPLACE FUNCTION hedgerow.open_namespace(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('hedgerow namespace ' || name, 0));
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = name) THEN EXECUTE format('CREATE SCHEMA %I', name); END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hedgerow_reader') AND NOT has_schema_privilege('hedgerow_reader', name, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO hedgerow_reader', name);
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.open_namespace(text) IS 'Makes a namespace for synced tables, and lets hedgerow_reader into it.';

-- People read the synced tables through hedgerow_reader.
CREATE OR REPLACE FUNCTION hedgerow.introduce(parent regclass, label text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', parent, 'Synced by Hedgerow from ' || label || '.');
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hedgerow_reader') THEN
    EXECUTE format('GRANT SELECT ON %s TO hedgerow_reader', parent);
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.introduce(regclass, text) IS 'Comments a new synced table and lets hedgerow_reader read it.';
