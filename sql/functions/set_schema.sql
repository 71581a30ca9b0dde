-- Changes a schema's settings and says what follows from it: what goes on with overlap, what loads anew.
CREATE OR REPLACE FUNCTION hedgerow.set_schema(source text, schema text, settings jsonb) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known constant text[] := ARRAY(SELECT r.name FROM hedgerow.setting_rules() r WHERE r.is_of_schema);
  before  hedgerow.schema;
  after   hedgerow.schema;
  setting text;
  value   text;
  names   text[];
  reasons text[] := '{}';
  said    text[] := '{}';
BEGIN
  SELECT s.* INTO before FROM hedgerow.schema s WHERE s.id = hedgerow.find_schema(source, schema) FOR UPDATE;
  after := before;
  names := ARRAY(SELECT c ->> 'name' FROM jsonb_array_elements(before.columns) c);
  FOR setting, value IN SELECT * FROM jsonb_each_text(settings) LOOP
    IF NOT setting = ANY (known) THEN
      PERFORM hedgerow.refuse(format('a schema has no setting named %s', setting),
        coalesce('Did you mean ' || hedgerow.nearest(setting, known) || '?', 'The settings are: ' || array_to_string(known, ', ') || '.'));
    END IF;
    value := coalesce(value, '');
    PERFORM hedgerow.check_setting(source || '.' || schema, setting, value);
    CASE setting
      WHEN 'enabled' THEN after.enabled := value::boolean;
      WHEN 'mode' THEN after.mode := value;
      WHEN 'cursor' THEN after.cursor_field := nullif(value, '');
      WHEN 'key' THEN after.key := string_to_array(nullif(value, ''), ',');
      WHEN 'columns' THEN after.selected_columns := string_to_array(nullif(nullif(value, ''), '*'), ',');
      WHEN 'where' THEN after.row_filter := nullif(value, '');
      WHEN 'lookback' THEN after.lookback := nullif(value, '');
      WHEN 'frequency' THEN after.frequency := nullif(value, '')::interval;
      WHEN 'refresh' THEN after.refresh := value;
      WHEN 'deletes' THEN after.deletes := value;
      WHEN 'deletes_every' THEN after.deletes_every := value::interval;
      WHEN 'max_deleted_share' THEN after.max_deleted_share := value::numeric;
      WHEN 'allow_empty' THEN after.allow_empty := value::boolean;
      WHEN 'max_rejects' THEN after.max_rejects := value::bigint;
      WHEN 'parallel' THEN after.parallel := nullif(value, '')::integer;
      WHEN 'chunk_above_rows' THEN after.chunk_above_rows := value::numeric::bigint;
      WHEN 'chunk_above_bytes' THEN after.chunk_above_bytes := value::numeric::bigint;
      WHEN 'chunk_bytes' THEN after.chunk_bytes := value::numeric::bigint;
      WHEN 'table' THEN after.table_name := value;
    END CASE;
  END LOOP;
  after.key := coalesce(after.key, '{}');
  PERFORM hedgerow.check_schema(source, before, after, names);

  IF before.last_completed_at IS NOT NULL OR before.cursor IS NOT NULL THEN
    IF after.mode <> before.mode AND NOT after.mode = 'full_refresh' THEN
      reasons := reasons || format('the mode changes from %s to %s', before.mode, after.mode);
    END IF;
    IF after.mode <> 'full_refresh' AND after.cursor_field IS DISTINCT FROM before.cursor_field AND before.mode = after.mode THEN
      reasons := reasons || format('the cursor field changes from %s to %s', before.cursor_field, after.cursor_field);
    END IF;
    IF after.key <> before.key THEN reasons := reasons || 'the key changes'::text; END IF;
    IF after.row_filter IS DISTINCT FROM before.row_filter THEN reasons := reasons || 'the filter changes'::text; END IF;
    IF EXISTS (SELECT unnest(coalesce(after.selected_columns, names)) EXCEPT SELECT unnest(coalesce(before.selected_columns, names))) THEN
      reasons := reasons || 'columns are added, which the rows of now do not have'::text;
    END IF;
    IF EXISTS (SELECT unnest(coalesce(before.selected_columns, names)) EXCEPT SELECT unnest(coalesce(after.selected_columns, names))) THEN
      said := said || 'Columns that are no longer chosen stay in the table, and are NULL in rows that come from now on.'::text;
    END IF;
  END IF;
  IF cardinality(reasons) > 0 THEN
    after.must_reload := true;
    said := said || format('The next sync loads the table from the start, since %s. The rows of now stay readable until the new ones are in.', array_to_string(reasons, ', and '));
  ELSIF after.mode = 'full_refresh' AND before.mode <> 'full_refresh' THEN
    said := said || 'Each sync now replaces the whole table.'::text;
  ELSIF after.lookback IS DISTINCT FROM before.lookback THEN
    said := said || 'The next sync goes on from the cursor, less the lookback; rows that are read again are recognised.'::text;
  END IF;
  -- A table that Hedgerow did not make keeps its name.
  IF after.table_name <> before.table_name AND EXISTS (SELECT FROM hedgerow.generation g WHERE g.schema_id = before.id AND g.state = 'current')
    AND to_regclass(format('%I.%I', before.namespace, before.table_name)) IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', before.namespace, before.table_name, after.table_name);
    said := said || format('The table is renamed from %s to %s.', before.table_name, after.table_name);
  END IF;
  -- Where a table of the old name stays, it is not this schema's, and the links are that table's.
  IF after.table_name <> before.table_name AND to_regclass(format('%I.%I', before.namespace, before.table_name)) IS NULL THEN
    PERFORM hedgerow.rename_table_in_joins(before.table_name, after.table_name);
  END IF;
  -- A person has looked at it: a schema that stopped is tried again.
  IF before.last_status = 'failed' OR after.next_at IS NULL OR (after.must_reload AND NOT before.must_reload) THEN
    after.next_at := clock_timestamp();
  ELSIF after.frequency IS DISTINCT FROM before.frequency AND before.last_status = 'completed' THEN
    after.next_at := (SELECT hedgerow.next_due(before.id, coalesce(after.frequency, o.frequency), before.last_started_at, clock_timestamp())
      FROM hedgerow.source o WHERE o.id = before.source_id);
  END IF;
  PERFORM pg_notify('hedgerow', 'work');
  UPDATE hedgerow.schema s SET
    enabled = after.enabled, mode = after.mode, cursor_field = after.cursor_field, key = after.key,
    selected_columns = after.selected_columns, row_filter = after.row_filter, lookback = after.lookback,
    frequency = after.frequency, refresh = after.refresh, deletes = after.deletes, deletes_every = after.deletes_every,
    max_deleted_share = after.max_deleted_share, allow_empty = after.allow_empty, max_rejects = after.max_rejects,
    parallel = after.parallel, chunk_above_rows = after.chunk_above_rows, chunk_above_bytes = after.chunk_above_bytes,
    chunk_bytes = after.chunk_bytes, table_name = after.table_name, must_reload = after.must_reload, next_at = after.next_at
  WHERE s.id = before.id;
  RETURN said;
END
$$;
COMMENT ON FUNCTION hedgerow.set_schema(text, text, jsonb) IS
  'Changes settings of a schema: {"mode": "merge", "cursor": "updated_at", ...}. Returns what follows from the change, in sentences.';

-- Refuses settings that cannot work, before anything changes.
CREATE OR REPLACE FUNCTION hedgerow.check_schema(source text, before hedgerow.schema, after hedgerow.schema, names text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  label constant text := source || '.' || before.name;
  usable text[] := ARRAY(SELECT c ->> 'name' FROM jsonb_array_elements(before.candidates) c);
  wrong  text;
  fits   boolean;
BEGIN
  FOREACH wrong IN ARRAY after.key || coalesce(after.selected_columns, '{}') || array_remove(ARRAY[after.cursor_field], NULL) LOOP
    IF NOT wrong = ANY (names) THEN
      PERFORM hedgerow.refuse(format('%s has no column named %s', label, wrong),
        coalesce('Did you mean ' || hedgerow.nearest(wrong, names) || '?', 'Its columns are: ' || array_to_string(names, ', ') || '.'), '42703');
    END IF;
  END LOOP;
  IF after.cursor_field IS NOT NULL AND NOT after.cursor_field = ANY (usable) THEN
    PERFORM hedgerow.refuse(format('%s cannot be the cursor field of %s: its type is %s', after.cursor_field, label,
        (SELECT c ->> 'sourceType' FROM jsonb_array_elements(before.columns) c WHERE c ->> 'name' = after.cursor_field)),
      CASE WHEN cardinality(usable) > 0 THEN 'Usable are: ' || array_to_string(usable, ', ') || '.'
        ELSE 'It has no column of a whole number, numeric, date or timestamp type: use mode full_refresh.' END);
  END IF;
  IF after.mode <> 'full_refresh' AND after.cursor_field IS NULL AND NOT before.remote ? 'checkpoints' THEN
    PERFORM hedgerow.refuse(format('mode %s of %s needs a cursor field', after.mode, label),
      CASE WHEN cardinality(usable) > 0 THEN format('Say which: hedgerow set %s mode=%s cursor=%s', label, after.mode, usable[1])
        ELSE 'It has no column that can be one: use mode full_refresh.' END);
  END IF;
  IF cardinality(after.key) = 0 AND (after.mode = 'merge' OR after.refresh = 'difference' OR after.deletes <> 'ignore') THEN
    PERFORM hedgerow.refuse(
      format('%s has no primary key, which %s needs', label, CASE WHEN after.mode = 'merge' THEN 'mode merge'
        WHEN after.refresh = 'difference' THEN 'refresh=difference' ELSE 'deletes=' || after.deletes END),
      format('Name columns whose values are together unique: hedgerow set %s key=COLUMN,COLUMN', label));
  END IF;
  IF after.selected_columns IS NOT NULL THEN
    SELECT k INTO wrong FROM unnest(after.key || array_remove(ARRAY[CASE WHEN after.mode <> 'full_refresh' THEN after.cursor_field END], NULL)) k
    WHERE NOT k = ANY (after.selected_columns) LIMIT 1;
    IF wrong IS NOT NULL THEN
      PERFORM hedgerow.refuse(format('columns= of %s leaves out %s, which is part of its key or its cursor field', label, wrong),
        format('Add %s to the list.', wrong));
    END IF;
  END IF;
  IF after.lookback IS NOT NULL THEN
    BEGIN
      IF EXISTS (SELECT FROM jsonb_array_elements(before.columns) c WHERE c ->> 'name' = after.cursor_field
          AND c ->> 'type' ~ '^(smallint|integer|bigint|numeric)') THEN
        fits := after.lookback::numeric >= 0;
      ELSE
        -- A source need not know infinite intervals, nor times before its own first one.
        fits := after.lookback::interval BETWEEN interval '0' AND interval '1000 years';
      END IF;
    EXCEPTION WHEN data_exception THEN fits := false;
    END;
    IF NOT fits THEN
      PERFORM hedgerow.refuse(format('lookback=%s does not fit the cursor field %s', after.lookback, coalesce(after.cursor_field, 'of this schema')),
        format('It is an interval of at most 1000 years for a time or date, as in hedgerow set %s lookback=1h, and a number for a number, as in lookback=1000.', label));
    END IF;
  END IF;
  IF after.table_name <> before.table_name AND to_regclass(format('%I.%I', after.namespace, after.table_name)) IS NOT NULL THEN
    PERFORM hedgerow.refuse(format('%s.%s exists already', after.namespace, after.table_name), 'Choose another name, or drop that table first.', '42P07');
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.check_schema(text, hedgerow.schema, hedgerow.schema, text[]) IS 'Raises, with what to do, where a schema''s settings cannot work.';

CREATE OR REPLACE FUNCTION hedgerow.set_sync_mode(source text, schema text, mode text, cursor_field text DEFAULT NULL) RETURNS text[]
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT hedgerow.set_schema(source, schema, jsonb_strip_nulls(jsonb_build_object('mode', mode, 'cursor', cursor_field)))
$$;
COMMENT ON FUNCTION hedgerow.set_sync_mode(text, text, text, text) IS 'Changes how a schema is synced; returns what follows from it.';

CREATE OR REPLACE FUNCTION hedgerow.set_source(source text, settings jsonb, sealed_secrets bytea DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner constant bigint := hedgerow.find_source(source);
BEGIN
  PERFORM hedgerow.check_setting(source, s.setting, nullif(s.value, '')) FROM jsonb_each_text(settings - 'config') s (setting, value);
  UPDATE hedgerow.source s SET
    frequency = coalesce((settings ->> 'frequency')::interval, s.frequency),
    max_connections = coalesce((settings ->> 'max_connections')::integer, s.max_connections),
    config = s.config || coalesce(settings -> 'config', '{}'),
    sealed_secrets = coalesce(set_source.sealed_secrets, s.sealed_secrets)
  WHERE s.id = owner;
  UPDATE hedgerow.schema s SET next_at = hedgerow.next_due(s.id, o.frequency, s.last_started_at, clock_timestamp())
  FROM hedgerow.source o
  WHERE settings ? 'frequency' AND o.id = owner AND s.source_id = owner AND s.frequency IS NULL AND s.last_status = 'completed';
  -- With another place or password, what could not be read may be readable now.
  UPDATE hedgerow.schema s SET next_at = clock_timestamp()
  WHERE (settings ? 'config' OR set_source.sealed_secrets IS NOT NULL) AND s.source_id = owner AND s.last_status IN ('failed', 'retrying');
  PERFORM pg_notify('hedgerow', 'work');
  RETURN '{}';
END
$$;
COMMENT ON FUNCTION hedgerow.set_source(text, jsonb, bytea) IS 'Changes a source: {"frequency": ..., "max_connections": ..., "config": {...}}.';
