-- Dropping what hedgerow.save_dependents has saved, and making it again in the same transaction.

-- Drops what was saved, outermost first.
CREATE OR REPLACE FUNCTION hedgerow.drop_dependents(saved jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  item jsonb;
  reason text;
  detail text;
BEGIN
  FOR item IN
    SELECT o.value FROM jsonb_array_elements(saved -> 'objects') WITH ORDINALITY AS o ORDER BY o.ordinality DESC
  LOOP
    EXECUTE item ->> 'drop';
  END LOOP;
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  IF hedgerow.may_pass(SQLSTATE) THEN RAISE; END IF;
  RAISE EXCEPTION 'cannot change the column types of %: % depends on them and cannot be dropped for the change',
    saved ->> 'relation', item ->> 'identity'
    USING ERRCODE = '2BP01', DETAIL = array_to_string(hedgerow.without_values(SQLSTATE, reason, detail), E'\n'),
      HINT = 'Drop it, sync again, then make it again.';
END
$$;

COMMENT ON FUNCTION hedgerow.drop_dependents(jsonb) IS 'Drops what hedgerow.save_dependents has saved.';

-- Makes again what was saved, and returns its names.
CREATE OR REPLACE FUNCTION hedgerow.recreate_dependents(saved jsonb) RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- Set as each routine needs it, and back at the end.
SET check_function_bodies = on
AS $$
DECLARE
  item jsonb;
  made text[] := '{}';
  reason text;
  detail text;
BEGIN
  FOR item IN
    SELECT o.value FROM jsonb_array_elements(saved -> 'objects') WITH ORDINALITY AS o ORDER BY o.ordinality
  LOOP
    PERFORM hedgerow.run_statements(ARRAY(SELECT jsonb_array_elements_text(item -> 'create')));
    made := made || (item ->> 'identity');
  END LOOP;
  RETURN made;
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  IF hedgerow.may_pass(SQLSTATE) THEN RAISE; END IF;
  RAISE EXCEPTION 'cannot change the column types of %: % does not work with the new types',
    saved ->> 'relation', item ->> 'identity'
    USING ERRCODE = '55000', DETAIL = array_to_string(hedgerow.without_values(SQLSTATE, reason, detail), E'\n'),
      HINT = 'Change it so that it works with the new types, or drop it, sync again, then make it again.';
END
$$;

COMMENT ON FUNCTION hedgerow.recreate_dependents(jsonb) IS
  'Makes again what hedgerow.save_dependents has saved, and returns its names.';

-- Raises unless exactly the saved objects depend on the columns again.
CREATE OR REPLACE FUNCTION hedgerow.verify_dependents(saved jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  relations oid[];
  columns integer[];
  different text;
BEGIN
  SELECT array_agg(s.relation::regclass), array_agg(coalesce(a.attnum, 0)) INTO relations, columns
  FROM jsonb_to_recordset(saved -> 'starts') AS s (relation text, "column" name)
  LEFT JOIN pg_attribute AS a ON a.attrelid = s.relation::regclass AND a.attname = s."column";
  WITH now AS (
    SELECT concat(i.type, ' ', i.identity) AS identity
    FROM hedgerow.dependent_objects(relations, columns) AS d
    CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
    WHERE NOT hedgerow.is_part_of(d.classid, d.objid, relations)
  ), before AS (
    SELECT b.identity FROM jsonb_array_elements_text(saved -> 'identities') AS b (identity)
  )
  SELECT string_agg(coalesce(b.identity || ' is gone', n.identity || ' is new'), E'\n') INTO different
  FROM before AS b FULL JOIN now AS n USING (identity)
  WHERE b.identity IS NULL OR n.identity IS NULL;
  IF different IS NOT NULL THEN
    RAISE EXCEPTION 'cannot change the column types of %: what depends on them would not be the same afterwards',
      saved ->> 'relation'
      USING ERRCODE = '55000', DETAIL = different, HINT = 'Drop these objects, sync again, then make them again.';
  END IF;
END
$$;

COMMENT ON FUNCTION hedgerow.verify_dependents(jsonb) IS
  'Raises unless the same objects depend on the columns as hedgerow.save_dependents found.';

-- Whether a failure may pass by itself (a lock, a deadlock, a full disk, a shutdown): it is handed on as it is, for the
-- caller to try again.
CREATE OR REPLACE FUNCTION hedgerow.may_pass(state text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN state = '55P03' OR left(state, 2) IN ('08', '40', '53', '57', '58');
END
$$;

COMMENT ON FUNCTION hedgerow.may_pass(text) IS 'Whether an SQLSTATE tells of a failure that may pass by itself.';

-- The server's message and detail, without the values of rows that some of them hold: those of a value that does not
-- fit (class 22), and the details of a broken constraint (class 23).
CREATE OR REPLACE FUNCTION hedgerow.without_values(state text, message text, detail text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE left(state, 2)
    WHEN '22' THEN ARRAY[format('a value does not fit (SQLSTATE %s)', state)]
    WHEN '23' THEN ARRAY[message]
    ELSE ARRAY[message, nullif(detail, '')]
  END;
END
$$;

COMMENT ON FUNCTION hedgerow.without_values(text, text, text) IS
  'An error''s message and detail, without the values of rows.';

CREATE OR REPLACE FUNCTION hedgerow.run_statements(statements text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  statement text;
BEGIN
  FOREACH statement IN ARRAY statements LOOP
    EXECUTE statement;
  END LOOP;
END
$$;

COMMENT ON FUNCTION hedgerow.run_statements(text[]) IS 'Runs statements one after the other.';
