-- Dates and times. Each of these is one expression, so that the planner inlines it; reading a text is the exception.

-- The beginning of the bucket of so many seconds, counted from 1970, that holds the moment. Postgres takes the parts of
-- a timestamptz for STABLE, those of a timestamp not.
CREATE OR REPLACE FUNCTION hogql.time_bucket(moment timestamptz, seconds bigint)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp((floor(extract(epoch FROM moment AT TIME ZONE 'UTC') / seconds) * seconds)::double precision)
$$;

-- Buckets of hours begin anew at each midnight.
CREATE OR REPLACE FUNCTION hogql.start_of_hours(local timestamp, count bigint)
RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_trunc('day', local) + (extract(hour FROM local)::bigint / count * count) * interval '1 hour'
$$;

CREATE OR REPLACE FUNCTION hogql.start_of_days(day date, count bigint)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '1970-01-01'::date + (floor((day - '1970-01-01'::date) / count::numeric) * count)::integer
$$;

-- Buckets of weeks count from the first Monday of 1970.
CREATE OR REPLACE FUNCTION hogql.start_of_weeks(day date, count bigint)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '1970-01-05'::date + (floor((day - '1970-01-05'::date) / (7 * count)::numeric) * 7 * count)::integer
$$;

-- Buckets of months count from 1900.
CREATE OR REPLACE FUNCTION hogql.start_of_months(day date, count bigint)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('1900-01-01'::date + floor((extract(year FROM day) * 12 + extract(month FROM day) - 22801)::numeric / count)
    ::integer * count * interval '1 month')::date
$$;

-- Buckets of years count from the year 0.
CREATE OR REPLACE FUNCTION hogql.start_of_years(day date, count bigint)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_date(greatest(extract(year FROM day)::integer / count * count, 1)::integer, 1, 1)
$$;

-- Buckets of a fixed length that count from an origin.
CREATE OR REPLACE FUNCTION hogql.span_from(local timestamp, span interval, origin timestamp)
RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT origin + floor((extract(epoch FROM local - origin) / extract(epoch FROM span))::numeric)::bigint * span
$$;

-- Buckets of months that count from an origin; an origin at a month's end is clipped to shorter months.
CREATE OR REPLACE FUNCTION hogql.months_from(local timestamp, count bigint, origin timestamp)
RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT origin + floor((m - CASE WHEN origin + m * interval '1 month' > local THEN 1 ELSE 0 END)::numeric / count)
    ::bigint * count * interval '1 month'
  FROM (SELECT ((extract(year FROM local) - extract(year FROM origin)) * 12
    + extract(month FROM local) - extract(month FROM origin))::bigint AS m) AS distance
$$;

-- The first day of the week.
CREATE OR REPLACE FUNCTION hogql.week_start(day date, starts_on_sunday boolean)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT day - CASE WHEN starts_on_sunday THEN extract(dow FROM day) ELSE extract(isodow FROM day) - 1 END::integer
$$;

-- 4 January lies in the year's first week.
CREATE OR REPLACE FUNCTION hogql.start_of_iso_year(day date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.week_start(make_date(extract(isoyear FROM day)::integer, 1, 4), false)
$$;

-- The week's number, 0 before the year's first week. The first week holds 4 January, or lies wholly in the year.
CREATE OR REPLACE FUNCTION hogql.week_in_year(day date, starts_on_sunday boolean, is_full boolean)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((hogql.week_start(day, starts_on_sunday)
    - hogql.week_start(make_date(extract(year FROM day)::integer, 1, CASE WHEN is_full THEN 7 ELSE 4 END), starts_on_sunday)) / 7
    + 1)::bigint
$$;

-- Year and week as one number; a week belongs to the year of its first day, or of its fourth.
CREATE OR REPLACE FUNCTION hogql.year_week(day date, starts_on_sunday boolean, is_full boolean)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (extract(year FROM d) * 100)::bigint + (extract(doy FROM d)::bigint - 1) / 7 + 1
  FROM (SELECT hogql.week_start(day, starts_on_sunday) + CASE WHEN is_full THEN 0 ELSE 3 END AS d) AS deciding
$$;

-- The Mondays between two days.
CREATE OR REPLACE FUNCTION hogql.weeks_crossed(first_day date, last_day date)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((last_day - '0001-01-01'::date) / 7 - (first_day - '0001-01-01'::date) / 7)::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.months_crossed(first_day date, last_day date)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((extract(year FROM last_day) - extract(year FROM first_day)) * 12
    + extract(month FROM last_day) - extract(month FROM first_day))::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.quarters_crossed(first_day date, last_day date)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((extract(year FROM last_day) - extract(year FROM first_day)) * 4
    + extract(quarter FROM last_day) - extract(quarter FROM first_day))::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.years_crossed(first_day date, last_day date)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (extract(year FROM last_day) - extract(year FROM first_day))::bigint
$$;

-- Whole months from one time to another, towards zero: not reached while day and time of day are behind.
CREATE OR REPLACE FUNCTION hogql.whole_months(start timestamp, finish timestamp)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT m - CASE
    WHEN m > 0 AND (extract(day FROM finish), finish::time) < (extract(day FROM start), start::time) THEN 1
    WHEN m < 0 AND (extract(day FROM finish), finish::time) > (extract(day FROM start), start::time) THEN -1
    ELSE 0 END
  FROM (SELECT ((extract(year FROM finish) - extract(year FROM start)) * 12
    + extract(month FROM finish) - extract(month FROM start))::bigint AS m) AS distance
$$;

-- The half hours, or periods of another length, that so many seconds from a moment touch.
CREATE OR REPLACE FUNCTION hogql.time_slots(moment timestamptz, seconds bigint, size bigint)
RETURNS timestamptz[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT to_timestamp((n * size)::double precision)
    FROM generate_series(floor(extract(epoch FROM moment) / size)::bigint,
      floor((extract(epoch FROM moment) + seconds) / size)::bigint) AS n)
$$;

-- '+0200' of a moment, from its local time.
CREATE OR REPLACE FUNCTION hogql.offset_text(moment timestamptz, local timestamp)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN s < 0 THEN '-' ELSE '+' END || to_char(abs(s) / 3600, 'FM00') || to_char(abs(s) % 3600 / 60, 'FM00')
  FROM (SELECT extract(epoch FROM local - timezone('UTC', moment))::integer AS s) AS distance
$$;

-- A date from its parts: days past the month's end roll over, impossible months and years give 1970-01-01.
CREATE OR REPLACE FUNCTION hogql.made_date(year bigint, month bigint, day bigint)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN year BETWEEN 1970 AND 2149 AND month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31
      THEN make_date(year::integer, month::integer, 1) + (day - 1)::integer
    WHEN year IS NOT NULL AND month IS NOT NULL AND day IS NOT NULL THEN '1970-01-01'::date END
$$;

CREATE OR REPLACE FUNCTION hogql.made_time(day date, hour bigint, minute bigint, second bigint)
RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT day::timestamp + (hour * 3600 + minute * 60 + second) * interval '1 second'
$$;

-- The moment in the first 48 bits of a UUID of version 7.
CREATE OR REPLACE FUNCTION hogql.uuid_v7_time(id uuid)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0::double precision)
$$;

-- Days since 1858-11-17 of a text `YYYY-MM-DD`, NULL for any other.
CREATE OR REPLACE FUNCTION hogql.modified_julian_day(value text)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value !~ '^\d{4}-\d{2}-\d{2}$' THEN RETURN NULL; END IF;
  RETURN make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, right(value, 2)::integer) - '1858-11-17'::date;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;

-- A moment from a text and a pattern such as '%d/%m/%Y %H:%i'; NULL when the text does not fit.
CREATE OR REPLACE FUNCTION hogql.parse_date_time(value text, pattern text, zone text)
RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  months CONSTANT text[] := '{january,february,march,april,may,june,july,august,september,october,november,december}';
  days CONSTANT text[] := '{monday,tuesday,wednesday,thursday,friday,saturday,sunday}';
  rest text := value;
  letters text := pattern;
  token text;
  found text;
  expected text;
  year integer; month integer; day integer; yearday integer; week integer; weekday integer;
  hour integer := 0; minute integer := 0; second integer := 0;
  half text; shift integer;
  local_day date;
BEGIN
  IF value IS NULL THEN RETURN NULL; END IF;
  letters := replace(replace(replace(replace(replace(letters, '%F', '%Y-%m-%d'), '%T', '%H:%i:%S'), '%R', '%H:%i'),
    '%r', '%h:%i %p'), '%D', '%m/%d/%y');
  WHILE letters <> '' LOOP
    token := substr(letters, 1, CASE WHEN letters LIKE '\%%' THEN 2 ELSE 1 END);
    letters := substr(letters, length(token) + 1);
    expected := CASE token
      WHEN '%Y' THEN '\d{4}' WHEN '%G' THEN '\d{4}' WHEN '%y' THEN '\d{2}' WHEN '%g' THEN '\d{2}' WHEN '%C' THEN '\d{2}'
      WHEN '%m' THEN '\d{2}' WHEN '%d' THEN '\d{2}' WHEN '%c' THEN '\d{1,2}' WHEN '%e' THEN '\s?\d{1,2}'
      WHEN '%j' THEN '\d{3}' WHEN '%V' THEN '\d{2}' WHEN '%u' THEN '[1-7]'
      WHEN '%H' THEN '\d{2}' WHEN '%h' THEN '\d{2}' WHEN '%I' THEN '\d{2}' WHEN '%k' THEN '\s?\d{1,2}' WHEN '%l' THEN '\s?\d{1,2}'
      WHEN '%i' THEN '\d{2}' WHEN '%s' THEN '\d{2}' WHEN '%S' THEN '\d{2}' WHEN '%f' THEN '\d{1,6}'
      WHEN '%p' THEN '[AaPp][Mm]' WHEN '%z' THEN '[+-]\d{4}'
      WHEN '%b' THEN '[A-Za-z]{3}' WHEN '%M' THEN '[A-Za-z]+' WHEN '%a' THEN '[A-Za-z]{3}' WHEN '%W' THEN '[A-Za-z]+' END;
    IF expected IS NULL THEN
      token := CASE token WHEN '%%' THEN '%' WHEN '%n' THEN E'\n' WHEN '%t' THEN E'\t' ELSE token END;
      IF left(rest, length(token)) <> token THEN RETURN NULL; END IF;
      rest := substr(rest, length(token) + 1);
      CONTINUE;
    END IF;
    found := substring(rest FROM '^' || expected);
    IF found IS NULL THEN RETURN NULL; END IF;
    rest := substr(rest, length(found) + 1);
    CASE token
      WHEN '%Y', '%G' THEN year := found::integer;
      WHEN '%y', '%g' THEN year := found::integer + CASE
        WHEN year IS NOT NULL THEN year / 100 * 100 WHEN found::integer >= 70 THEN 1900 ELSE 2000 END;
      WHEN '%C' THEN year := found::integer * 100;
      WHEN '%m', '%c' THEN month := found::integer;
      WHEN '%d', '%e' THEN day := found::integer;
      WHEN '%j' THEN yearday := found::integer;
      WHEN '%V' THEN week := found::integer;
      WHEN '%u' THEN weekday := found::integer;
      WHEN '%H', '%k' THEN
        hour := found::integer;
        IF hour > 23 THEN RETURN NULL; END IF;
      WHEN '%h', '%I', '%l' THEN
        hour := found::integer;
        half := coalesce(half, 'any');
        IF hour < 1 OR hour > 12 THEN RETURN NULL; END IF;
      WHEN '%i' THEN
        minute := found::integer;
        IF minute > 59 THEN RETURN NULL; END IF;
      WHEN '%s', '%S' THEN
        second := found::integer;
        IF second > 59 THEN RETURN NULL; END IF;
      WHEN '%p' THEN half := lower(found);
      WHEN '%z' THEN
        shift := (substr(found, 2, 2)::integer * 60 + substr(found, 4, 2)::integer) * CASE WHEN found LIKE '-%' THEN -1 ELSE 1 END;
      WHEN '%b' THEN
        SELECT n INTO month FROM unnest(months) WITH ORDINALITY AS m (name, n) WHERE left(name, 3) = lower(found);
        IF month IS NULL THEN RETURN NULL; END IF;
      WHEN '%M' THEN
        month := array_position(months, lower(found));
        IF month IS NULL THEN RETURN NULL; END IF;
      WHEN '%a' THEN
        IF NOT EXISTS (SELECT FROM unnest(days) AS d (name) WHERE left(name, 3) = lower(found)) THEN RETURN NULL; END IF;
      WHEN '%W' THEN
        IF array_position(days, lower(found)) IS NULL THEN RETURN NULL; END IF;
      ELSE NULL;
    END CASE;
  END LOOP;
  IF rest <> '' THEN RETURN NULL; END IF;
  IF half = 'pm' AND hour < 12 THEN hour := hour + 12; END IF;
  IF half = 'am' AND hour = 12 THEN hour := 0; END IF;
  IF yearday IS NOT NULL THEN
    local_day := make_date(coalesce(year, 1970), 1, 1) + (yearday - 1);
    IF extract(year FROM local_day) <> coalesce(year, 1970) THEN RETURN NULL; END IF;
  ELSIF week IS NOT NULL THEN
    local_day := to_date(coalesce(year, 1970) || '-' || week || '-' || coalesce(weekday, 1), 'IYYY-IW-ID');
  ELSE
    local_day := make_date(coalesce(year, 1970), coalesce(month, 1), coalesce(day, 1));
  END IF;
  IF shift IS NOT NULL THEN
    RETURN timezone('UTC', hogql.made_time(local_day, hour, minute, second) - shift * interval '1 minute');
  END IF;
  RETURN timezone(zone, hogql.made_time(local_day, hour, minute, second));
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format OR invalid_text_representation THEN
  RETURN NULL;
END
$$;
