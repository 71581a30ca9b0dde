-- What each setting takes, in words and with an example. `hedgerow set --help` lists the same names.
CREATE OR REPLACE FUNCTION hedgerow.setting_rules() RETURNS TABLE (name text, takes text, example text, is_of_schema boolean)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES
    ('enabled', 'true or false', 'true', true),
    ('mode', 'full_refresh, append or merge', 'merge', true),
    ('cursor', 'a column', 'updated_at', true),
    ('key', 'columns, separated by commas', 'id,region', true),
    ('columns', 'columns, separated by commas, or * for all', 'id,total', true),
    ('where', 'a condition in the source''s SQL', 'total > 0', true),
    ('lookback', 'an interval, or a number where the cursor field is one', '1h', true),
    ('frequency', 'an interval from one minute to ten years', '15min', true),
    ('refresh', 'swap or difference', 'difference', true),
    ('deletes', 'ignore, soft or hard', 'soft', true),
    ('deletes_every', 'an interval from one minute to ten years', '1d', true),
    ('max_deleted_share', 'a share from 0 to 1', '0.5', true),
    ('allow_empty', 'true or false', 'true', true),
    ('max_rejects', 'a whole number, 0 or more', '100', true),
    ('parallel', 'a whole number from 1 to 16', '4', true),
    ('chunk_above_rows', 'a number of rows, 0 or more', '5e7', true),
    ('chunk_above_bytes', 'a number of bytes, 0 or more', '5e9', true),
    ('chunk_bytes', 'a number of bytes, 1000 or more', '256e6', true),
    ('table', 'a name that no other table has', 'orders', true),
    ('max_connections', 'a whole number from 1 to 64', '4', false)
$$;
COMMENT ON FUNCTION hedgerow.setting_rules() IS 'The settings of schemas and sources, what each takes, and an example.';

-- Whether a value has the form and the range of its setting. What depends on the schema is not looked at.
CREATE OR REPLACE FUNCTION hedgerow.setting_takes(setting text, value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE
    -- Nothing takes the setting back.
    WHEN value = '' AND setting IN ('frequency', 'parallel') THEN RETURN true;
    WHEN setting IN ('enabled', 'allow_empty') THEN RETURN value::boolean IS NOT NULL;
    WHEN setting = 'mode' THEN RETURN value IN ('full_refresh', 'append', 'merge');
    WHEN setting = 'refresh' THEN RETURN value IN ('swap', 'difference');
    WHEN setting = 'deletes' THEN RETURN value IN ('ignore', 'soft', 'hard');
    -- An end keeps the next sync's time within what PostgreSQL can write down; from version 17 on there are infinite ones.
    WHEN setting IN ('frequency', 'deletes_every') THEN RETURN value::interval BETWEEN interval '1 minute' AND interval '10 years';
    WHEN setting = 'max_deleted_share' THEN RETURN value::numeric BETWEEN 0 AND 1;
    WHEN setting = 'max_rejects' THEN RETURN value::bigint >= 0;
    WHEN setting = 'parallel' THEN RETURN value::integer BETWEEN 1 AND 16;
    WHEN setting = 'max_connections' THEN RETURN value::integer BETWEEN 1 AND 64;
    WHEN setting IN ('chunk_above_rows', 'chunk_above_bytes') THEN RETURN value::numeric::bigint >= 0;
    WHEN setting = 'chunk_bytes' THEN RETURN value::numeric::bigint >= 1000;
    WHEN setting = 'table' THEN RETURN value <> '';
    ELSE RETURN true;
  END CASE;
EXCEPTION WHEN data_exception THEN RETURN false;
END
$$;
COMMENT ON FUNCTION hedgerow.setting_takes(text, text) IS 'Whether a value has the form and the range of its setting.';

CREATE OR REPLACE FUNCTION hedgerow.check_setting(target text, setting text, value text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF hedgerow.setting_takes(setting, value) IS NOT TRUE THEN
    PERFORM hedgerow.refuse(format('%s=%s is not possible', setting, value),
      format('It takes %s, as in: hedgerow set %s %s=%s', r.takes, target, setting, r.example))
    FROM hedgerow.setting_rules() r WHERE r.name = setting;
  END IF;
END
$$;
COMMENT ON FUNCTION hedgerow.check_setting(text, text, text) IS 'Raises, with what is allowed and an example, where a setting cannot have this value.';

-- How often a source that is about to be linked is synced.
CREATE OR REPLACE FUNCTION hedgerow.frequency(value text) RETURNS interval
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF value = '' OR NOT hedgerow.setting_takes('frequency', value) THEN
    PERFORM hedgerow.refuse(format('--frequency %s is not possible', value), 'It takes an interval from one minute to ten years, as in: --frequency 15min');
  END IF;
  RETURN value::interval;
END
$$;
COMMENT ON FUNCTION hedgerow.frequency(text) IS 'Reads how often a source is synced; raises, with an example, what is no such interval.';
