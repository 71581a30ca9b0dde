-- Cursor, counts and history of one batch, in the transaction that lands its rows. counts is
-- {read, written, inserted, updated, deleted, rejected, rechecked, bytes}; absent ones are 0.
CREATE OR REPLACE FUNCTION hedgerow.commit_batch(
  sync_id bigint, schema_id bigint, token bigint, counts jsonb, cursor jsonb, source_identity text, replaces boolean
) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  batch integer;
  added bigint := coalesce((counts ->> 'written')::bigint, 0) - coalesce((counts ->> 'updated')::bigint, 0)
    - coalesce((counts ->> 'deleted')::bigint, 0);
BEGIN
  PERFORM hedgerow.hold(schema_id, token);
  UPDATE hedgerow.history h SET
    rows_read = rows_read + coalesce((counts ->> 'read')::bigint, 0),
    rows_written = rows_written + coalesce((counts ->> 'written')::bigint, 0),
    rows_updated = rows_updated + coalesce((counts ->> 'updated')::bigint, 0),
    rows_deleted = rows_deleted + coalesce((counts ->> 'deleted')::bigint, 0),
    rows_rejected = rows_rejected + coalesce((counts ->> 'rejected')::bigint, 0),
    rows_rechecked = rows_rechecked + coalesce((counts ->> 'rechecked')::bigint, 0),
    bytes = h.bytes + coalesce((counts ->> 'bytes')::bigint, 0),
    batches = batches + 1, cursor_after = commit_batch.cursor
  WHERE h.id = sync_id RETURNING batches INTO batch;
  UPDATE hedgerow.schema s SET
    cursor = commit_batch.cursor, source_identity = commit_batch.source_identity,
    rows = CASE WHEN replaces THEN coalesce((counts ->> 'held')::bigint, added) ELSE coalesce(s.rows, 0) + added END,
    -- Somebody who asked while this sync ran means the source as it is after that.
    must_reload = s.must_reload AND (NOT replaces OR s.requested_at IS NOT NULL)
  WHERE s.id = schema_id;
  RETURN batch;
END
$$;
COMMENT ON FUNCTION hedgerow.commit_batch(bigint, bigint, bigint, jsonb, jsonb, text, boolean) IS
  'Records a batch in the transaction that lands its rows; returns its number. Raises HR001 when the lease is lost.';

-- Ends a sync well and gives the lease back. In the transaction of its last batch.
CREATE OR REPLACE FUNCTION hedgerow.complete_sync(
  sync_id bigint, schema_id bigint, token bigint, timings jsonb, notes text[], bytes_held bigint, columns jsonb, remote jsonb,
  deletes_checked boolean
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hedgerow.hold(schema_id, token);
  UPDATE hedgerow.history h SET status = 'completed', finished_at = clock_timestamp(), phase = NULL,
    timings = complete_sync.timings, notes = complete_sync.notes
  WHERE h.id = sync_id;
  UPDATE hedgerow.schema s SET
    last_status = 'completed', last_completed_at = clock_timestamp(), error = NULL, hint = NULL, attempts = 0,
    next_at = CASE WHEN s.requested_at IS NOT NULL THEN clock_timestamp()
      ELSE hedgerow.next_due(s.id, coalesce(s.frequency, o.frequency), s.last_started_at, clock_timestamp()) END,
    bytes = coalesce(bytes_held, s.bytes),
    columns = coalesce(complete_sync.columns, s.columns), remote = coalesce(complete_sync.remote, s.remote), is_gone = false,
    deletes_checked_at = CASE WHEN deletes_checked THEN clock_timestamp() ELSE s.deletes_checked_at END,
    lease_owner = NULL, lease_until = NULL, lease_backend = NULL, lease_backend_start = NULL
  FROM hedgerow.source o WHERE s.id = schema_id AND o.id = s.source_id;
END
$$;
COMMENT ON FUNCTION hedgerow.complete_sync(bigint, bigint, bigint, jsonb, text[], bigint, jsonb, jsonb, boolean) IS
  'Ends a sync well, sets when the next one is due and gives the lease back.';

-- Ends a sync that did not come to its end, and gives the lease back.
CREATE OR REPLACE FUNCTION hedgerow.fail_sync(
  sync_id bigint, schema_id bigint, token bigint, status text, error text, hint text, retry_after interval, timings jsonb
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hedgerow.history h SET status = fail_sync.status, finished_at = clock_timestamp(), phase = NULL,
    error = fail_sync.error, hint = fail_sync.hint, timings = fail_sync.timings
  WHERE h.id = sync_id AND h.status = 'running';
  UPDATE hedgerow.schema s SET
    last_status = CASE WHEN fail_sync.status = 'cancelled' THEN s.last_status WHEN retry_after IS NULL THEN 'failed' ELSE 'retrying' END,
    error = CASE WHEN fail_sync.status = 'cancelled' THEN s.error ELSE fail_sync.error END,
    hint = CASE WHEN fail_sync.status = 'cancelled' THEN s.hint ELSE fail_sync.hint END,
    attempts = s.attempts + CASE WHEN fail_sync.status = 'cancelled' THEN 0 ELSE 1 END,
    next_at = CASE WHEN fail_sync.status = 'cancelled' OR s.requested_at IS NOT NULL THEN clock_timestamp()
      ELSE clock_timestamp() + retry_after END,
    lease_owner = NULL, lease_until = NULL, lease_backend = NULL, lease_backend_start = NULL
  WHERE s.id = schema_id AND s.lease_token = token AND s.lease_owner IS NOT NULL;
END
$$;
COMMENT ON FUNCTION hedgerow.fail_sync(bigint, bigint, bigint, text, text, text, interval, jsonb) IS
  'Ends a sync that failed or was cancelled and gives the lease back; without retry_after the schema waits for a person.';

-- Settings and links that name a column go by its new name. In the transaction that renames it in the synced table.
CREATE OR REPLACE FUNCTION hedgerow.follow_renames(schema_id bigint, renames jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF renames = '{}' THEN RETURN; END IF;
  UPDATE hedgerow.schema s SET
    cursor_field = coalesce(renames ->> s.cursor_field, s.cursor_field),
    key = ARRAY(SELECT coalesce(renames ->> k, k) FROM unnest(s.key) WITH ORDINALITY u (k, place) ORDER BY place),
    selected_columns = CASE WHEN s.selected_columns IS NOT NULL THEN
      ARRAY(SELECT coalesce(renames ->> c, c) FROM unnest(s.selected_columns) WITH ORDINALITY u (c, place) ORDER BY place) END,
    candidates = coalesce((
      SELECT jsonb_agg(c || jsonb_build_object('name', coalesce(renames ->> (c ->> 'name'), c ->> 'name')) ORDER BY place)
      FROM jsonb_array_elements(s.candidates) WITH ORDINALITY u (c, place)), '[]')
  WHERE s.id = schema_id;
  PERFORM hedgerow.rename_columns_in_joins(s.table_name, renames) FROM hedgerow.schema s WHERE s.id = schema_id;
END
$$;
COMMENT ON FUNCTION hedgerow.follow_renames(bigint, jsonb) IS
  'Gives the cursor field, the key and the chosen columns of a schema, and the links of its table, their new names: {"old": "new", ...}.';

CREATE OR REPLACE FUNCTION hedgerow.put_columns(schema_id bigint, columns jsonb, renames jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hedgerow.follow_renames(schema_id, renames);
  UPDATE hedgerow.schema s SET columns = put_columns.columns WHERE s.id = schema_id;
END
$$;
COMMENT ON FUNCTION hedgerow.put_columns(bigint, jsonb, jsonb) IS 'Stores the columns of a schema as the source has them now, and follows those that were renamed.';
