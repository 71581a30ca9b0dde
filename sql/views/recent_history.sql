CREATE OR REPLACE VIEW hedgerow.recent_history AS
SELECT h.id, h.source, h.schema, h.mode, h.trigger, h.status, h.started_at, h.finished_at - h.started_at AS duration,
  h.rows_read, h.rows_written, h.rows_updated, h.rows_deleted, h.rows_rejected, h.rows_rechecked, h.bytes,
  h.cursor_before ->> 'high' AS cursor_before, h.cursor_after ->> 'high' AS cursor_after, h.timings, h.notes, h.error, h.hint
FROM hedgerow.history h
ORDER BY h.id DESC;
COMMENT ON VIEW hedgerow.recent_history IS 'The syncs that ran, newest first.';
