-- Links between tables that HogQL follows. Tables may be named as HogQL names them: stripe_charge or stripe.charge.

CREATE OR REPLACE FUNCTION hedgerow.dotted_name(kind text, prefix text, schema text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat_ws('.', hedgerow.snake_case(kind), nullif(rtrim(prefix, '_'), ''), hedgerow.snake_case(schema))
$$;
COMMENT ON FUNCTION hedgerow.dotted_name(text, text, text) IS
  'The dotted name of a synced table in HogQL: stripe.charge, or stripe.prod.charge with a prefix.';

CREATE OR REPLACE FUNCTION hedgerow.find_table(name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text[];
  near  text;
  found text := (
    SELECT t.table_name FROM hedgerow.schema t JOIN hedgerow.source s ON s.id = t.source_id
    WHERE t.table_name = find_table.name OR hedgerow.dotted_name(s.kind, s.prefix, t.name) = find_table.name
    ORDER BY t.table_name <> find_table.name, t.id LIMIT 1);
BEGIN
  IF found IS NOT NULL THEN RETURN found; END IF;
  known := ARRAY(
    SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname IN (SELECT 'warehouse' UNION SELECT s.namespace FROM hedgerow.source s));
  IF find_table.name = ANY (known) THEN RETURN find_table.name; END IF;
  near := hedgerow.nearest(name, known || ARRAY(SELECT t.table_name FROM hedgerow.schema t));
  PERFORM hedgerow.refuse(format('there is no table %s', name),
    coalesce('Did you mean ' || near || '?', 'hedgerow sources and hedgerow schemas list what is synced.'), '42704');
END
$$;
COMMENT ON FUNCTION hedgerow.find_table(text) IS
  'The name of the synced table or user view that HogQL knows by this name; raises, with the nearest name, where there is none.';

CREATE OR REPLACE FUNCTION hedgerow.columns_of(table_name text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(
    SELECT DISTINCT a.attname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relname = table_name AND n.nspname IN (SELECT 'warehouse' UNION SELECT s.namespace FROM hedgerow.source s))
$$;
COMMENT ON FUNCTION hedgerow.columns_of(text) IS 'The columns of a synced table or user view; none where it is not there.';

CREATE OR REPLACE FUNCTION hedgerow.check_join_key(table_name text, key text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head    constant text := split_part(key, '.', 1);
  columns constant text[] := hedgerow.columns_of(table_name);
BEGIN
  -- A schema that was never synced has no table yet, and is not looked at.
  IF cardinality(columns) > 0 AND head <> ALL (columns) THEN
    PERFORM hedgerow.refuse(format('table %s has no column %s', table_name, head),
      coalesce('Did you mean ' || hedgerow.nearest(head, columns) || '?', 'Its columns: ' || array_to_string(columns, ', ')), '42703');
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.check_join_key(text, text) IS 'Raises where the table is there and lacks the key''s column.';

CREATE OR REPLACE FUNCTION hedgerow.join(
  table_name text, key text, target text, target_key text, field text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  from_table constant text := hedgerow.find_table(table_name);
  to_table   constant text := hedgerow.find_table(target);
  name       constant text := coalesce(field, to_table);
BEGIN
  IF name !~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$' THEN
    PERFORM hedgerow.refuse(format('%s cannot be the name of a link', name), 'Use letters, digits and underscores.');
  END IF;
  PERFORM hedgerow.check_join_key(from_table, key);
  PERFORM hedgerow.check_join_key(to_table, target_key);
  IF name = ANY (hedgerow.columns_of(from_table)) THEN
    PERFORM hedgerow.refuse(format('table %s has a column %s already', from_table, name), 'Give the link another name.', '42710');
  END IF;
  INSERT INTO hedgerow.join AS j (table_name, field, key, target, target_key)
  VALUES (from_table, name, key, to_table, target_key)
  ON CONFLICT ON CONSTRAINT a_field_of_a_table_leads_to_one_table
  DO UPDATE SET key = EXCLUDED.key, target = EXCLUDED.target, target_key = EXCLUDED.target_key;
  RETURN from_table || '.' || name;
END
$$;
COMMENT ON FUNCTION hedgerow.join(text, text, text, text, text) IS
  'Links two tables for HogQL: table_name.field reaches target where key equals target_key. Replaces a link of the same name. The name is target''s where none is given.';

CREATE OR REPLACE FUNCTION hedgerow.unjoin(table_name text, field text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  near text;
BEGIN
  DELETE FROM hedgerow.join AS j
  WHERE j.field = unjoin.field AND (j.table_name = unjoin.table_name OR j.table_name IN (
    SELECT t.table_name FROM hedgerow.schema t JOIN hedgerow.source s ON s.id = t.source_id
    WHERE hedgerow.dotted_name(s.kind, s.prefix, t.name) = unjoin.table_name));
  IF NOT FOUND THEN
    near := hedgerow.nearest(unjoin.table_name || '.' || unjoin.field, ARRAY(SELECT j.table_name || '.' || j.field FROM hedgerow.join j));
    PERFORM hedgerow.refuse(format('table %s has no link %s', unjoin.table_name, unjoin.field),
      coalesce('Did you mean ' || near || '?', 'hedgerow join list shows the links.'), '42704');
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.unjoin(text, text) IS 'Takes a link away. The tables stay as they are.';

-- A key of a link by the names that columns have now. A name with a dot would read as a path, and is not taken: the query
-- that follows the link then says what to do.
CREATE OR REPLACE FUNCTION hedgerow.renamed_key(key text, renames jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN strpos(r.name, '.') = 0 THEN r.name || substr(key, length(r.head) + 1) ELSE key END
  FROM (SELECT h.head, renames ->> h.head AS name FROM (SELECT split_part(key, '.', 1) AS head) h) r
$$;
COMMENT ON FUNCTION hedgerow.renamed_key(text, jsonb) IS 'A key of a link after columns were renamed: {"old": "new", ...}.';

CREATE OR REPLACE FUNCTION hedgerow.rename_columns_in_joins(changed text, renames jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- As the synced table calls them: names that begin as Hedgerow's own do are moved out of their way.
  names constant jsonb := (
    SELECT jsonb_object_agg(regexp_replace(r.key, '^_hedgerow_', 'source_hedgerow_'), regexp_replace(r.value, '^_hedgerow_', 'source_hedgerow_'))
    FROM jsonb_each_text(renames) r);
BEGIN
  UPDATE hedgerow.join AS j SET
    key = CASE WHEN j.table_name = changed THEN hedgerow.renamed_key(j.key, names) ELSE j.key END,
    target_key = CASE WHEN j.target = changed THEN hedgerow.renamed_key(j.target_key, names) ELSE j.target_key END
  WHERE changed IN (j.table_name, j.target);
END
$$;
COMMENT ON FUNCTION hedgerow.rename_columns_in_joins(text, jsonb) IS 'Lets links go by the new names of a table''s columns, as the source has them.';

CREATE OR REPLACE FUNCTION hedgerow.rename_table_in_joins(from_name text, to_name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Links of a table that had the name before, and is no more, make way.
  DELETE FROM hedgerow.join AS j WHERE j.table_name = to_name
    AND EXISTS (SELECT FROM hedgerow.join o WHERE o.table_name = from_name AND o.field = j.field);
  UPDATE hedgerow.join AS j SET
    table_name = CASE WHEN j.table_name = from_name THEN to_name ELSE j.table_name END,
    target = CASE WHEN j.target = from_name THEN to_name ELSE j.target END
  WHERE from_name IN (j.table_name, j.target);
END
$$;
COMMENT ON FUNCTION hedgerow.rename_table_in_joins(text, text) IS 'Lets links go by the new name of a table.';
