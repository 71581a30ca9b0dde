-- Stores a source and what was discovered there. The schemas are
-- [{name, remote, identity, columns, key, candidates, estimatedRows, estimatedBytes, enabled, mode, cursorField, deletes,
-- tableName}]; tableName is null where the table's name follows from source and schema.
CREATE OR REPLACE FUNCTION hedgerow.link_source(
  kind text, name text, config jsonb, sealed_secrets bytea, schemas jsonb,
  prefix text DEFAULT '', namespace text DEFAULT 'warehouse', frequency interval DEFAULT '6 hours'
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  new_id bigint;
  taken  text;
BEGIN
  IF EXISTS (SELECT FROM hedgerow.source s WHERE s.name = link_source.name) THEN
    PERFORM hedgerow.refuse(format('a source named %s is linked already', name),
      format('Change it with hedgerow set %s key=value, or take it away with hedgerow unlink %s.', name, name), '42710');
  END IF;
  IF name !~ '^[A-Za-z_][A-Za-z0-9_-]{0,62}$' THEN
    PERFORM hedgerow.refuse(format('%s cannot be a source''s name', name), 'A name begins with a letter, and has letters, digits, _ and - in it, 63 at most.');
  END IF;
  IF prefix !~ '^([A-Za-z_][A-Za-z0-9_]{0,30})?$' THEN
    PERFORM hedgerow.refuse(format('%s cannot be a prefix', prefix), 'A prefix begins with a letter, and has letters, digits and _ in it, 31 at most.');
  END IF;
  IF NOT hedgerow.setting_takes('frequency', frequency::text) THEN
    PERFORM hedgerow.refuse(format('a source cannot be synced every %s', frequency), 'A frequency is an interval from one minute to ten years.');
  END IF;
  INSERT INTO hedgerow.source (kind, name, config, sealed_secrets, prefix, namespace, frequency)
  VALUES (kind, name, config, sealed_secrets, prefix, namespace, frequency) RETURNING id INTO new_id;
  -- Two sources of a kind would share their tables' names: the second one needs a prefix.
  SELECT o.name INTO taken FROM hedgerow.source o
  WHERE o.id <> new_id AND o.kind = link_source.kind AND o.prefix = link_source.prefix AND o.namespace = link_source.namespace
    AND EXISTS (SELECT FROM jsonb_array_elements(schemas) i WHERE i ->> 'tableName' IS NULL);
  IF taken IS NOT NULL THEN
    PERFORM hedgerow.refuse(
      format('source %s would have the same table names as source %s', name, taken),
      format('Give it a prefix of its own: --prefix %s', hedgerow.snake_case(name)), '42710');
  END IF;
  -- A name that the user gave is taken as it is.
  SELECT s.table_name INTO taken FROM hedgerow.schema s JOIN jsonb_array_elements(schemas) i ON s.table_name = i ->> 'tableName'
  WHERE s.namespace = link_source.namespace LIMIT 1;
  IF taken IS NOT NULL THEN
    PERFORM hedgerow.refuse(format('a table named %s.%s is synced already', namespace, taken), 'Give this one another name with table=.', '42710');
  END IF;
  PERFORM hedgerow.put_schemas(new_id, schemas);
  RETURN new_id;
END
$$;
COMMENT ON FUNCTION hedgerow.link_source(text, text, jsonb, bytea, jsonb, text, text, interval) IS
  'Stores a source with the schemas that were discovered there; returns its id.';

CREATE OR REPLACE FUNCTION hedgerow.put_schemas(source_id bigint, schemas jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  source hedgerow.source := (SELECT s FROM hedgerow.source s WHERE s.id = source_id);
  item   jsonb;
BEGIN
  UPDATE hedgerow.schema s SET is_gone = true
  WHERE s.source_id = put_schemas.source_id
    AND NOT s.name = ANY (SELECT i ->> 'name' FROM jsonb_array_elements(schemas) i);
  -- A schema that was never synced and is no longer there says nothing to anybody.
  DELETE FROM hedgerow.schema s WHERE s.source_id = put_schemas.source_id AND s.is_gone
    AND s.last_started_at IS NULL AND NOT s.enabled;
  FOR item IN SELECT * FROM jsonb_array_elements(schemas) LOOP
    UPDATE hedgerow.schema s SET
      is_gone = false, candidates = item -> 'candidates', estimated_rows = (item ->> 'estimatedRows')::bigint,
      estimated_bytes = (item ->> 'estimatedBytes')::bigint,
      -- What was synced is compared with the source at the next sync, which says what changed.
      columns = CASE WHEN s.last_completed_at IS NULL THEN item -> 'columns' ELSE s.columns END,
      remote = CASE WHEN s.last_completed_at IS NULL THEN item -> 'remote' ELSE s.remote END,
      source_identity = CASE WHEN s.last_completed_at IS NULL THEN item ->> 'identity' ELSE s.source_identity END
    WHERE s.source_id = put_schemas.source_id AND s.name = item ->> 'name';
    CONTINUE WHEN FOUND;
    INSERT INTO hedgerow.schema (
      source_id, name, namespace, table_name, remote, source_identity, columns, key, candidates, estimated_rows, estimated_bytes,
      enabled, mode, cursor_field, deletes, next_at)
    VALUES (
      source_id, item ->> 'name', source.namespace,
      coalesce(item ->> 'tableName', hedgerow.free_table_name(source.namespace, source.prefix, source.kind, item ->> 'name')),
      item -> 'remote', item ->> 'identity', item -> 'columns',
      ARRAY(SELECT jsonb_array_elements_text(item -> 'key')), item -> 'candidates',
      (item ->> 'estimatedRows')::bigint, (item ->> 'estimatedBytes')::bigint,
      coalesce((item ->> 'enabled')::boolean, false), item ->> 'mode', item ->> 'cursorField',
      coalesce(item ->> 'deletes', 'ignore'), now());
  END LOOP;
  PERFORM pg_notify('hedgerow', 'work');
END
$$;
COMMENT ON FUNCTION hedgerow.put_schemas(bigint, jsonb) IS
  'Brings the list of a source''s schemas up to date: new ones are added, known ones keep their settings and table, missing ones are marked as gone.';

COMMENT ON COLUMN hedgerow.schema.source_identity IS
  'The system that the cursor belongs to, and in which remote and columns have their numbers.';
