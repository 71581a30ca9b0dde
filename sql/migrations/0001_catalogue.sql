-- What Hedgerow knows: sources, their schemas, where each has got to, who is working on it, what happened.

CREATE SCHEMA IF NOT EXISTS hedgerow_data;
COMMENT ON SCHEMA hedgerow IS 'Hedgerow''s catalogue. Watch hedgerow.status; the functions do what the commands do.';
COMMENT ON SCHEMA hedgerow_data IS 'Hedgerow''s generations: the physical tables behind the synced ones. Never write here.';

CREATE TABLE hedgerow.source (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name            text        NOT NULL,
  kind            text        NOT NULL,
  prefix          text        NOT NULL DEFAULT '',
  namespace       text        NOT NULL DEFAULT 'warehouse',
  config          jsonb       NOT NULL DEFAULT '{}',
  sealed_secrets  bytea,
  frequency       interval    NOT NULL DEFAULT '6 hours',
  max_connections integer     NOT NULL DEFAULT 2,
  is_paused       boolean     NOT NULL DEFAULT false,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT a_source_has_its_name_alone UNIQUE (name),
  CONSTRAINT a_name_has_no_dot CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_-]{0,62}$'),
  CONSTRAINT a_prefix_is_part_of_a_name CHECK (prefix ~ '^([A-Za-z_][A-Za-z0-9_]{0,30})?$'),
  CONSTRAINT a_frequency_is_a_minute_or_more CHECK (frequency >= interval '1 minute'),
  CONSTRAINT a_source_may_be_read CHECK (max_connections BETWEEN 1 AND 64)
);
COMMENT ON TABLE hedgerow.source IS 'One linked account, database or bucket.';
COMMENT ON COLUMN hedgerow.source.config IS 'The fields of its form, without the secret ones.';
COMMENT ON COLUMN hedgerow.source.sealed_secrets IS 'Its secret fields, encrypted with AES-256-GCM. The key is not in this database.';
COMMENT ON COLUMN hedgerow.source.namespace IS 'The namespace of its synced tables.';
COMMENT ON COLUMN hedgerow.source.max_connections IS 'How many connections Hedgerow may hold to it at once.';

CREATE TABLE hedgerow.schema (
  id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id         bigint      NOT NULL REFERENCES hedgerow.source ON DELETE CASCADE,
  name              text        NOT NULL,
  namespace         text        NOT NULL,
  table_name        text        NOT NULL,
  remote            jsonb       NOT NULL,
  columns           jsonb       NOT NULL DEFAULT '[]',
  key               text[]      NOT NULL DEFAULT '{}',
  candidates        jsonb       NOT NULL DEFAULT '[]',
  estimated_rows    bigint,
  estimated_bytes   bigint,
  is_gone           boolean     NOT NULL DEFAULT false,

  enabled           boolean     NOT NULL DEFAULT false,
  mode              text        NOT NULL,
  cursor_field      text,
  selected_columns  text[],
  row_filter        text,
  lookback          text,
  frequency         interval,
  refresh           text        NOT NULL DEFAULT 'swap',
  deletes           text        NOT NULL DEFAULT 'ignore',
  deletes_every     interval    NOT NULL DEFAULT '1 day',
  max_deleted_share numeric     NOT NULL DEFAULT 0.5,
  allow_empty       boolean     NOT NULL DEFAULT false,
  max_rejects       bigint      NOT NULL DEFAULT 0,
  parallel          integer,
  chunk_above_rows  bigint      NOT NULL DEFAULT 50000000,
  chunk_above_bytes bigint      NOT NULL DEFAULT 5000000000,
  chunk_bytes       bigint      NOT NULL DEFAULT 256000000,

  cursor            jsonb,
  source_identity   text,
  must_reload       boolean     NOT NULL DEFAULT false,
  deletes_checked_at timestamptz,
  rows              bigint,
  bytes             bigint,
  last_started_at   timestamptz,
  last_completed_at timestamptz,
  last_status       text,
  error             text,
  hint              text,
  attempts          integer     NOT NULL DEFAULT 0,
  next_at           timestamptz,
  requested_at      timestamptz,

  lease_owner         text,
  lease_token         bigint,
  lease_until         timestamptz,
  lease_backend       integer,
  lease_backend_start timestamptz,

  CONSTRAINT a_schema_is_listed_once UNIQUE (source_id, name),
  CONSTRAINT a_table_has_one_schema UNIQUE (namespace, table_name),
  CONSTRAINT a_mode_is_known CHECK (mode IN ('full_refresh', 'append', 'merge')),
  CONSTRAINT a_merge_has_a_key CHECK (mode <> 'merge' OR cardinality(key) > 0),
  CONSTRAINT an_incremental_schema_has_a_cursor_field CHECK (mode = 'full_refresh' OR cursor_field IS NOT NULL),
  CONSTRAINT a_refresh_is_known CHECK (refresh IN ('swap', 'difference')),
  CONSTRAINT a_difference_has_a_key CHECK (refresh <> 'difference' OR cardinality(key) > 0),
  CONSTRAINT deletes_are_known CHECK (deletes IN ('ignore', 'soft', 'hard')),
  CONSTRAINT deletes_need_a_key CHECK (deletes = 'ignore' OR cardinality(key) > 0),
  CONSTRAINT a_share_is_a_share CHECK (max_deleted_share BETWEEN 0 AND 1),
  CONSTRAINT a_status_is_known CHECK (last_status IN ('completed', 'failed', 'retrying')),
  CONSTRAINT a_failure_says_why CHECK (last_status NOT IN ('failed', 'retrying') OR error IS NOT NULL),
  CONSTRAINT a_retry_has_a_time CHECK (last_status <> 'retrying' OR next_at IS NOT NULL),
  CONSTRAINT ranges_are_few CHECK (parallel BETWEEN 1 AND 16),
  CONSTRAINT chunks_have_a_size CHECK (chunk_bytes >= 1000 AND chunk_above_bytes >= 0 AND chunk_above_rows >= 0),
  CONSTRAINT rejects_are_not_negative CHECK (max_rejects >= 0),
  CONSTRAINT a_schema_frequency_is_a_minute_or_more CHECK (frequency >= interval '1 minute'),
  CONSTRAINT a_lease_is_whole CHECK (
    (lease_owner IS NULL) = (lease_until IS NULL) AND (lease_owner IS NULL OR lease_token IS NOT NULL))
);
COMMENT ON TABLE hedgerow.schema IS 'One table of a source, as the user sees it in the list of what to sync.';
COMMENT ON COLUMN hedgerow.schema.remote IS 'How its connector finds it at the source.';
COMMENT ON COLUMN hedgerow.schema.columns IS 'Its columns when last seen: [{name, number, type, sourceType, required, note}]; number is what lasts when a column is renamed.';
COMMENT ON COLUMN hedgerow.schema.candidates IS 'Columns that can be its cursor field, best first.';
COMMENT ON COLUMN hedgerow.schema.is_gone IS 'Whether it was missing when the source was last looked at.';
COMMENT ON COLUMN hedgerow.schema.selected_columns IS 'The columns to sync; NULL for all of them.';
COMMENT ON COLUMN hedgerow.schema.row_filter IS 'A condition in the source''s SQL; NULL for all rows.';
COMMENT ON COLUMN hedgerow.schema.lookback IS 'How far before the safe point each incremental sync reads again: an interval, or a number for a whole-number cursor field.';
COMMENT ON COLUMN hedgerow.schema.cursor IS 'Where the next incremental sync begins. Written only in the transaction that lands the rows.';
COMMENT ON COLUMN hedgerow.schema.source_identity IS 'The system that the cursor belongs to.';
COMMENT ON COLUMN hedgerow.schema.lease_until IS 'By this server''s clock, never a worker''s.';
COMMENT ON COLUMN hedgerow.schema.lease_backend IS 'The worker''s session here; when it is gone, so is the worker. NULL behind a pooler.';
COMMENT ON COLUMN hedgerow.schema.lease_token IS 'Grows with each lease. A commit must name the newest: a worker that lost its lease cannot commit.';

CREATE SEQUENCE hedgerow.lease_token;
COMMENT ON SEQUENCE hedgerow.lease_token IS 'Fencing numbers for leases.';

CREATE SEQUENCE hedgerow.generation_number;
COMMENT ON SEQUENCE hedgerow.generation_number IS 'Numbers in the names of generations; none is used twice.';

CREATE TABLE hedgerow.generation (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schema_id  bigint      REFERENCES hedgerow.schema ON DELETE SET NULL,
  table_name text        NOT NULL,
  state      text        NOT NULL,
  shape      text,
  progress   jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT a_generation_has_its_table_alone UNIQUE (table_name),
  CONSTRAINT a_state_is_known CHECK (state IN ('loading', 'current', 'dropped'))
);
CREATE UNIQUE INDEX one_generation_is_current ON hedgerow.generation (schema_id) WHERE state = 'current';
CREATE UNIQUE INDEX one_generation_is_loading ON hedgerow.generation (schema_id) WHERE state = 'loading';
COMMENT ON TABLE hedgerow.generation IS 'The physical tables in hedgerow_data, and how far a chunked load of one has got.';
COMMENT ON COLUMN hedgerow.generation.shape IS 'What the load was begun with (columns, filter, source); another shape cannot resume it.';
COMMENT ON COLUMN hedgerow.generation.progress IS 'The key ranges of a chunked load, each with the key it has reached.';

CREATE TABLE hedgerow.history (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schema_id      bigint      REFERENCES hedgerow.schema ON DELETE SET NULL,
  source         text        NOT NULL,
  schema         text        NOT NULL,
  table_name     text        NOT NULL,
  mode           text        NOT NULL,
  trigger        text        NOT NULL,
  worker         text        NOT NULL,
  lease_token    bigint      NOT NULL,
  status         text        NOT NULL DEFAULT 'running',
  started_at     timestamptz NOT NULL DEFAULT now(),
  finished_at    timestamptz,
  rows_read      bigint      NOT NULL DEFAULT 0,
  rows_written   bigint      NOT NULL DEFAULT 0,
  rows_updated   bigint      NOT NULL DEFAULT 0,
  rows_deleted   bigint      NOT NULL DEFAULT 0,
  rows_rejected  bigint      NOT NULL DEFAULT 0,
  rows_rechecked bigint      NOT NULL DEFAULT 0,
  bytes          bigint      NOT NULL DEFAULT 0,
  batches        integer     NOT NULL DEFAULT 0,
  cursor_before  jsonb,
  cursor_after   jsonb,
  timings        jsonb       NOT NULL DEFAULT '{}',
  notes          text[]      NOT NULL DEFAULT '{}',
  error          text,
  hint           text,
  phase          text,
  progress_rows  bigint      NOT NULL DEFAULT 0,
  progress_bytes bigint      NOT NULL DEFAULT 0,
  progress_total bigint,
  progress_at    timestamptz,
  CONSTRAINT a_sync_status_is_known CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
  CONSTRAINT a_trigger_is_known CHECK (trigger IN ('command', 'schedule', 'request')),
  CONSTRAINT an_end_has_a_time CHECK ((status = 'running') = (finished_at IS NULL)),
  CONSTRAINT every_row_is_accounted_for CHECK (
    status <> 'completed' OR rows_read = rows_written + rows_rejected),
  CONSTRAINT updated_rows_were_written CHECK (rows_updated <= rows_written),
  CONSTRAINT a_failed_sync_says_why CHECK (status <> 'failed' OR error IS NOT NULL)
);
CREATE INDEX history_by_schema ON hedgerow.history (schema_id, id DESC);
CREATE INDEX history_by_time ON hedgerow.history (started_at);
COMMENT ON TABLE hedgerow.history IS 'One row for each sync.';
COMMENT ON COLUMN hedgerow.history.rows_read IS 'Rows that were new or changed. A completed sync has rows_read = rows_written + rows_rejected.';
COMMENT ON COLUMN hedgerow.history.rows_updated IS 'How many of rows_written replaced a row with the same key.';
COMMENT ON COLUMN hedgerow.history.rows_rechecked IS 'Rows read again for safety and found as the warehouse holds them.';
COMMENT ON COLUMN hedgerow.history.batches IS 'How many commits of this sync took place.';
COMMENT ON COLUMN hedgerow.history.timings IS 'Seconds for each phase.';

CREATE TABLE hedgerow.rejects (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schema_id bigint      REFERENCES hedgerow.schema ON DELETE CASCADE,
  sync_id   bigint      REFERENCES hedgerow.history ON DELETE CASCADE,
  at        timestamptz NOT NULL DEFAULT now(),
  row_key   text,
  reason    text        NOT NULL,
  sqlstate  text
);
CREATE INDEX rejects_by_sync ON hedgerow.rejects (sync_id);
CREATE INDEX rejects_by_schema ON hedgerow.rejects (schema_id);
COMMENT ON TABLE hedgerow.rejects IS 'Rows that the warehouse could not take, each with its reason.';
COMMENT ON COLUMN hedgerow.rejects.row_key IS 'The row''s key, where it has one that can be read; else its place in the read.';
