-- The role that may read the synced tables and the status views. Where the role that installs Hedgerow may
-- not create roles, everything but the role works, and hedgerow doctor says so.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'hedgerow_reader') THEN
    CREATE ROLE hedgerow_reader NOLOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'hedgerow_reader') THEN
    GRANT USAGE ON SCHEMA hedgerow TO hedgerow_reader;
    GRANT SELECT ON hedgerow.status, hedgerow.recent_history TO hedgerow_reader;
  END IF;
END
$$;
-- Queries run as hedgerow_reader: whoever installs Hedgerow must be able to become it. A superuser is.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'hedgerow_reader') AND NOT pg_catalog.pg_has_role(
    'hedgerow_reader', CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
  THEN
    GRANT hedgerow_reader TO CURRENT_USER;
  END IF;
EXCEPTION WHEN insufficient_privilege OR internal_error THEN NULL;
END
$$;
