-- Whether the worker that holds a lease can still be at work: the lease has not run out, and the worker's
-- session here still exists. A worker that was killed is so noticed at once, not when its lease runs out.
CREATE OR REPLACE FUNCTION hedgerow.lease_is_live(until timestamptz, backend integer, backend_start timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT until IS NOT NULL AND until > clock_timestamp() AND (backend IS NULL OR EXISTS (
    SELECT FROM pg_stat_get_activity(backend) a
    WHERE a.backend_start IS NULL OR a.backend_start = lease_is_live.backend_start))
$$;
COMMENT ON FUNCTION hedgerow.lease_is_live(timestamptz, integer, timestamptz) IS 'Whether a lease''s worker can still be at work.';

-- Takes the lease of a schema and opens its sync. NULL when another worker holds it.
CREATE OR REPLACE FUNCTION hedgerow.claim(
  schema_id bigint, worker text, duration interval, trigger text, is_pooled boolean
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  taken   hedgerow.schema;
  source  hedgerow.source;
  sync_id bigint;
BEGIN
  UPDATE hedgerow.schema s SET
    lease_owner = worker, lease_token = nextval('hedgerow.lease_token'), lease_until = clock_timestamp() + duration,
    lease_backend = CASE WHEN is_pooled THEN NULL ELSE pg_backend_pid() END,
    lease_backend_start = (SELECT a.backend_start FROM pg_stat_get_activity(pg_backend_pid()) a),
    last_started_at = clock_timestamp(), requested_at = NULL
  WHERE s.id = schema_id
    AND NOT hedgerow.lease_is_live(s.lease_until, s.lease_backend, s.lease_backend_start)
  RETURNING s.* INTO taken;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT s.* INTO source FROM hedgerow.source s WHERE s.id = taken.source_id;
  -- A worker that hangs may still hold locks: its sessions are named by its sync.
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN hedgerow.history h ON a.application_name = 'hedgerow sync ' || h.id
  WHERE h.schema_id = taken.id AND h.status = 'running' AND a.pid <> pg_backend_pid() AND a.usename = current_user;
  UPDATE hedgerow.history h SET status = 'failed', finished_at = clock_timestamp(), phase = NULL,
    error = 'the worker that ran this sync ended without a word',
    hint = 'Nothing is lost: what it had committed counts, and the next sync goes on from there.'
  WHERE h.schema_id = taken.id AND h.status = 'running';
  INSERT INTO hedgerow.history (schema_id, source, schema, table_name, mode, trigger, worker, lease_token, cursor_before)
  VALUES (taken.id, source.name, taken.name, taken.table_name, taken.mode, trigger, worker, taken.lease_token, taken.cursor)
  RETURNING id INTO sync_id;
  RETURN to_jsonb(taken) || jsonb_build_object(
    'sync_id', sync_id, 'source', source.name, 'columns_text', taken.columns::text,
    'generation', (SELECT g.table_name FROM hedgerow.generation g WHERE g.schema_id = taken.id AND g.state = 'current'),
    'deletes_due', taken.deletes <> 'ignore' AND taken.mode <> 'full_refresh'
      AND coalesce(taken.deletes_checked_at + taken.deletes_every <= clock_timestamp(), true));
END
$$;
COMMENT ON FUNCTION hedgerow.claim(bigint, text, interval, text, boolean) IS
  'Takes the lease of a schema for a worker and opens its sync; NULL when another worker holds it.';

-- Keeps the lease and shows progress. False when the lease is lost, and the worker must stop.
CREATE OR REPLACE FUNCTION hedgerow.heartbeat(
  sync_id bigint, token bigint, duration interval, phase text, rows bigint, bytes bigint, total bigint
) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The session that beats stands for the worker from now on: the one that claimed may have been lost.
  UPDATE hedgerow.schema s SET lease_until = clock_timestamp() + duration,
    lease_backend = CASE WHEN s.lease_backend IS NULL THEN NULL ELSE pg_backend_pid() END,
    lease_backend_start = (SELECT a.backend_start FROM pg_stat_get_activity(pg_backend_pid()) a)
  WHERE s.lease_token = token AND s.lease_owner IS NOT NULL
    AND s.id = (SELECT h.schema_id FROM hedgerow.history h WHERE h.id = sync_id);
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE hedgerow.history h SET phase = heartbeat.phase, progress_rows = heartbeat.rows, progress_bytes = heartbeat.bytes,
    progress_total = heartbeat.total,
    progress_at = clock_timestamp()
  WHERE h.id = sync_id AND h.status = 'running';
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION hedgerow.heartbeat(bigint, bigint, interval, text, bigint, bigint, bigint) IS
  'Keeps a worker''s lease and shows its progress; false when the lease is lost.';

-- The fence: locks the schema for the worker that holds its newest lease, and stops any other.
CREATE OR REPLACE FUNCTION hedgerow.hold(schema_id bigint, token bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- From here to the commit is a moment. A worker that stands still in it must not keep the lock.
  PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
  PERFORM FROM hedgerow.schema s WHERE s.id = schema_id AND s.lease_token = token AND s.lease_owner IS NOT NULL FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM hedgerow.refuse('another worker has taken this schema over, so this sync commits nothing',
      'Nothing to do: the other worker''s sync counts.', 'HR001');
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.hold(bigint, bigint) IS 'Locks a schema for the holder of its newest lease; raises HR001 for any other.';
