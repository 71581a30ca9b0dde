CREATE OR REPLACE VIEW hedgerow.status AS
SELECT o.name AS source, o.kind, s.name AS schema, s.table_name, s.enabled, s.mode,
  coalesce(s.frequency, o.frequency) AS frequency,
  CASE
    WHEN l.is_live THEN 'running'
    WHEN NOT s.enabled THEN 'disabled'
    WHEN o.is_paused THEN 'paused'
    WHEN s.last_status IN ('failed', 'retrying') THEN s.last_status
    WHEN s.lease_owner IS NOT NULL THEN 'retrying'
    WHEN s.last_completed_at IS NULL THEN 'pending'
    WHEN now() - s.last_completed_at > 2 * coalesce(s.frequency, o.frequency) THEN 'stale'
    ELSE 'completed'
  END AS status,
  s.rows, s.bytes, s.last_started_at, s.last_completed_at,
  CASE WHEN s.enabled AND NOT o.is_paused AND s.last_status IS DISTINCT FROM 'failed' THEN s.next_at END AS next_at,
  now() - s.last_completed_at AS freshness,
  CASE WHEN s.mode <> 'full_refresh' THEN s.cursor_field END AS cursor_field,
  s.cursor ->> 'high' AS cursor_value,
  CASE WHEN l.is_live THEN r.progress_rows END AS progress_rows,
  CASE WHEN l.is_live AND r.progress_total > 0 THEN least(100, round(100.0 * r.progress_rows / r.progress_total, 1)) END AS progress_percent,
  CASE WHEN l.is_live AND p.seconds > 0 THEN round(r.progress_rows / p.seconds) END AS rows_per_second,
  CASE WHEN l.is_live AND r.progress_rows > 0 AND r.progress_total > r.progress_rows AND p.seconds > 0
    THEN make_interval(secs => round((r.progress_total - r.progress_rows) * p.seconds / r.progress_rows)::double precision) END AS eta,
  CASE WHEN NOT l.is_live AND s.lease_owner IS NOT NULL THEN 'the worker ' || s.lease_owner || ' ended without a word' ELSE s.error END AS error,
  CASE WHEN NOT l.is_live AND s.lease_owner IS NOT NULL THEN 'Nothing is lost: the next sync goes on from the last commit.' ELSE s.hint END AS hint,
  s.attempts
FROM hedgerow.schema s
JOIN hedgerow.source o ON o.id = s.source_id
CROSS JOIN LATERAL (SELECT s.lease_owner IS NOT NULL
  AND hedgerow.lease_is_live(s.lease_until, s.lease_backend, s.lease_backend_start) AS is_live) l
LEFT JOIN LATERAL (SELECT h.* FROM hedgerow.history h
  WHERE l.is_live AND h.schema_id = s.id AND h.status = 'running' ORDER BY h.id DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT extract(epoch FROM coalesce(r.progress_at, clock_timestamp()) - r.started_at)::numeric AS seconds) p ON true;
COMMENT ON VIEW hedgerow.status IS 'One row for each schema: what it is, how it fares, how fresh it is, and what to do where something is wrong.';
COMMENT ON COLUMN hedgerow.status.status IS 'pending, running, completed, failed (waits for a person), retrying, paused, disabled or stale (no good sync in twice its frequency).';
COMMENT ON COLUMN hedgerow.status.cursor_value IS 'The largest value of the cursor field that the table holds.';
COMMENT ON COLUMN hedgerow.status.freshness IS 'How long ago the last good sync ended.';
