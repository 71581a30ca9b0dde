-- Changes what holds for the whole warehouse.
CREATE OR REPLACE FUNCTION hedgerow.set_project(settings jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known constant text[] := ARRAY['timezone', 'week_start'];
  setting text;
  value   text;
  zone    text;
BEGIN
  FOR setting, value IN SELECT * FROM jsonb_each_text(settings) LOOP
    CASE setting
      WHEN 'timezone' THEN
        zone := (SELECT z.name FROM pg_timezone_names z WHERE lower(z.name) = lower(value) LIMIT 1);
        IF zone IS NULL THEN
          PERFORM hedgerow.refuse(format('there is no time zone %s', value), coalesce(
            'Did you mean ' || hedgerow.nearest(value, ARRAY(SELECT z.name FROM pg_timezone_names z WHERE z.name !~ '^posix/')) || '?',
            'Write it like Europe/Berlin; pg_timezone_names lists them all.'));
        END IF;
        UPDATE hedgerow.project SET timezone = zone;
      WHEN 'week_start' THEN
        IF lower(value) IN ('sunday', 'monday') IS NOT TRUE THEN
          PERFORM hedgerow.refuse(format('a week cannot start on %s', value), 'It takes sunday or monday.');
        END IF;
        UPDATE hedgerow.project SET week_start = lower(value);
      ELSE
        PERFORM hedgerow.refuse(format('a project has no setting named %s', setting),
          coalesce('Did you mean ' || hedgerow.nearest(setting, known) || '?', 'The settings are: ' || array_to_string(known, ', ') || '.'));
    END CASE;
  END LOOP;
END
$$;
COMMENT ON FUNCTION hedgerow.set_project(jsonb) IS
  'Sets the time zone and the first day of the week for HogQL: {"timezone": "Europe/Berlin", "week_start": "monday"}.';
