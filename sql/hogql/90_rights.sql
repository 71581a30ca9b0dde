-- Whoever reads the synced tables may call what translated queries call.
COMMENT ON SCHEMA hogql IS 'What ClickHouse has and PostgreSQL has not: functions that translated queries call.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'hedgerow_reader') THEN
    GRANT USAGE ON SCHEMA hogql TO hedgerow_reader;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA hogql TO hedgerow_reader;
  END IF;
END
$$;
