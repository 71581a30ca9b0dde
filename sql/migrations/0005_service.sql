-- The service: what it has to find at once among many thousands of schemas and years of history, and its settings.

-- A heartbeat changes no column that an index has, and finds room on its page: it leaves nothing behind.
ALTER TABLE hedgerow.schema SET (fillfactor = 80);

CREATE INDEX schema_by_due ON hedgerow.schema (source_id, next_at) WHERE enabled AND next_at IS NOT NULL;
CREATE INDEX schema_requested ON hedgerow.schema (source_id) WHERE enabled AND requested_at IS NOT NULL;
CREATE INDEX schema_leased ON hedgerow.schema (source_id) WHERE lease_owner IS NOT NULL;
CREATE INDEX history_running ON hedgerow.history (schema_id) WHERE status = 'running';
COMMENT ON INDEX hedgerow.schema_by_due IS 'What hedgerow.claim_due looks for: the schema of a source that is longest due.';

CREATE TABLE hedgerow.service_setting (
  one          boolean PRIMARY KEY DEFAULT true,
  history_days integer NOT NULL DEFAULT 90,
  CONSTRAINT there_is_one CHECK (one),
  CONSTRAINT history_is_kept_for_a_day_or_more CHECK (history_days BETWEEN 1 AND 36500)
);
INSERT INTO hedgerow.service_setting DEFAULT VALUES;
COMMENT ON TABLE hedgerow.service_setting IS 'What holds for every hedgerow serve at once.';
COMMENT ON COLUMN hedgerow.service_setting.history_days IS 'How many days a sync stays in the history, and a rejected row in the rejects. Change it with hedgerow.keep_history.';
