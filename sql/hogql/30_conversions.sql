-- Conversions that give NULL where ClickHouse's OrNull forms do. None of them ever fails, save `required`.

-- Says what could not be converted, instead of NULL.
CREATE OR REPLACE FUNCTION hogql.required(value anyelement, source text, type text)
RETURNS anyelement LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL AND source IS NOT NULL THEN
    RAISE EXCEPTION '''%'' cannot become a %', source, type
      USING ERRCODE = 'data_exception', HINT = 'Use TRY_CAST, or a function such as toInt, to get NULL instead.';
  END IF;
  RETURN value;
END
$$;

CREATE OR REPLACE FUNCTION hogql.text_int(value text)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[+-]?0*[0-9]{1,18}$' THEN value::bigint
    WHEN value ~ '^[+-]?0*[0-9]{19}$' THEN CASE WHEN value::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 THEN value::bigint END END
$$;

-- Only a whole number within 64 bits.
CREATE OR REPLACE FUNCTION hogql.float_int(value double precision)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = trunc(value) AND value >= -9223372036854775808 AND value < 9223372036854775808 THEN value::bigint END
$$;

-- A number without its fraction.
CREATE OR REPLACE FUNCTION hogql.numeric_int(value numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN trunc(value) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN trunc(value)::bigint END
$$;

CREATE OR REPLACE FUNCTION hogql.text_float(value text)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[+-]?([0-9]{1,200}\.?[0-9]{0,90}|\.[0-9]{1,90})([eE][+-]?[0-9]{1,2})?$' THEN value::double precision
    WHEN value ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$' THEN
      CASE WHEN value ~ '[eE]\+?0*[0-9]{4,}$' THEN CASE WHEN value LIKE '-%' THEN '-Infinity' ELSE 'Infinity' END::double precision
        WHEN value ~ '[eE]-0*[0-9]{4,}$' THEN 0
        WHEN abs(value::numeric) < 1e-307 THEN 0
        WHEN abs(value::numeric) > 1.7976931348623158e308 THEN CASE WHEN value LIKE '-%' THEN '-Infinity' ELSE 'Infinity' END::double precision
        ELSE value::double precision END
    WHEN lower(value) IN ('nan', '-nan', '+nan') THEN 'NaN'
    WHEN lower(value) IN ('inf', '+inf', 'infinity', '+infinity') THEN 'Infinity'
    WHEN lower(value) IN ('-inf', '-infinity') THEN '-Infinity' END
$$;

-- Only an integer that a double holds exactly.
CREATE OR REPLACE FUNCTION hogql.int_float(value bigint)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value BETWEEN -9007199254740992 AND 9007199254740992 OR hogql.float_int(value::double precision) = value
    THEN value::double precision END
$$;

-- Digits beyond the scale are cut off; at most 18 digits.
CREATE OR REPLACE FUNCTION hogql.number_decimal(value numeric, scale integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) < power(10::numeric, 18 - scale) THEN trunc(value, scale) END
$$;

CREATE OR REPLACE FUNCTION hogql.text_decimal(value text, scale integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$' THEN hogql.number_decimal(value::numeric, scale) END
$$;

CREATE OR REPLACE FUNCTION hogql.float_decimal(value double precision, scale integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) < power(10::double precision, 18 - scale)
    THEN trunc(trunc(value * power(10::double precision, scale))::numeric / power(10::numeric, scale), scale) END
$$;

CREATE OR REPLACE FUNCTION hogql.text_bool(value text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN lower(value) IN ('true', 't', 'yes', 'y', 'on', 'enable', 'enabled', '1') THEN true
    WHEN lower(value) IN ('false', 'f', 'no', 'n', 'off', 'disable', 'disabled', '0') THEN false END
$$;

CREATE OR REPLACE FUNCTION hogql.text_uuid(value text)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$' THEN value::uuid END
$$;

-- ClickHouse's Date ends in 2149; a day that the month has not falls into the next one.
CREATE OR REPLACE FUNCTION hogql.clamped_date(year integer, month integer, day integer)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN year < 1970 OR month NOT BETWEEN 1 AND 12 OR day NOT BETWEEN 1 AND 31 THEN '1970-01-01'::date
    ELSE least(make_date(year, month, 1) + (day - 1), '2149-06-06'::date) END
$$;

CREATE OR REPLACE FUNCTION hogql.text_date(value text)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[0-9]{8}$'
      THEN hogql.clamped_date(left(value, 4)::integer, substr(value, 5, 2)::integer, substr(value, 7)::integer)
    ELSE (SELECT hogql.clamped_date(m[1]::integer, m[2]::integer, m[3]::integer)
      FROM regexp_match(value, '^([0-9]{4})[^0-9]([0-9]{1,2})[^0-9]([0-9]{1,2})([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)?$') AS m
      WHERE m IS NOT NULL) END
$$;

-- Days since 1970 below 65536, seconds from there on.
CREATE OR REPLACE FUNCTION hogql.number_date(value double precision)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value < 0 OR value = 'NaN' THEN '1970-01-01'::date WHEN value < 65536 THEN '1970-01-01'::date + trunc(value)::integer
    ELSE '1970-01-01'::date + trunc(least(value, 4294967295) / 86400)::integer END
$$;

-- Seconds since 1970 as ClickHouse's DateTime holds them.
CREATE OR REPLACE FUNCTION hogql.number_moment(value double precision)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp(CASE WHEN value = 'NaN' THEN 0 ELSE trunc(greatest(least(value, 4294967295), 0)) END)
$$;

-- The number of a month by the first three letters of its English name.
CREATE OR REPLACE FUNCTION hogql.month_number(name text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(ARRAY['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec'], lower(left(name, 3)))
$$;

-- A moment from the parts of a text: local in `zone`, or with an offset in minutes. NULL when there is no such day.
CREATE OR REPLACE FUNCTION hogql.parts_moment(
  year integer, month integer, day integer, hour integer, minute integer, second numeric, minutes_east integer, zone text)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN year BETWEEN 1 AND 9999 AND month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31
      AND extract(month FROM make_date(year, month, 1) + (day - 1)) = month
    THEN timezone(CASE WHEN minutes_east IS NULL THEN zone ELSE 'UTC' END,
      make_date(year, month, 1) + (day - 1) + make_interval(hours => hour, mins => minute - coalesce(minutes_east, 0), secs => second::double precision)) END
$$;

-- `+05:30`, `-0800`, `Z` and the few names that ClickHouse knows, in minutes east; NULL for none.
CREATE OR REPLACE FUNCTION hogql.offset_minutes(value text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = '' THEN NULL WHEN upper(value) IN ('Z', 'UTC', 'GMT') THEN 0 WHEN upper(value) = 'MSK' THEN 180
    WHEN upper(value) = 'MSD' THEN 240
    ELSE CASE WHEN left(value, 1) = '-' THEN -1 ELSE 1 END
      * (substr(translate(value, ':', ''), 2, 2)::integer * 60 + coalesce(nullif(substr(translate(value, ':', ''), 4, 2), ''), '0')::integer) END
$$;

-- A text in any of the usual forms; `month_first` reads 02/03/2024 as the third of February.
CREATE OR REPLACE FUNCTION hogql.text_moment(value text, zone text, month_first boolean)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  rest text := btrim(value);
  parts text[];
  year integer;
  month integer;
  day integer;
  hour integer := 0;
  minute integer := 0;
  second numeric := 0;
BEGIN
  IF rest ~ '^[0-9]{9,10}(\.[0-9]{1,9})?$' THEN
    RETURN 'epoch'::timestamptz + make_interval(secs => trunc(rest::numeric, 6)::double precision);
  ELSIF rest ~ '^[0-9]{13}$' THEN
    RETURN 'epoch'::timestamptz + make_interval(secs => (rest::numeric / 1000)::double precision);
  END IF;
  rest := regexp_replace(rest, '^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? *', '', 'i');
  -- the date, with what follows it last
  parts := regexp_match(rest, '^([0-9]{4})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2})([0-9]{2})([0-9]{2}))(.*)$');
  IF parts IS NOT NULL THEN
    RETURN CASE WHEN parts[7] ~ '^ *(Z|UTC|GMT|MSK|MSD|[+-][0-9]{2}:?([0-9]{2})?)?$' THEN hogql.parts_moment(parts[1]::integer, parts[2]::integer,
      parts[3]::integer, parts[4]::integer, parts[5]::integer, parts[6]::numeric, hogql.offset_minutes(btrim(parts[7])), zone) END;
  END IF;
  parts := coalesce(regexp_match(rest, '^([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])(.*)$'),
    regexp_match(rest, '^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])(.*)$'));
  IF parts IS NOT NULL THEN
    year := parts[1]; month := parts[2]; day := parts[3]; rest := parts[4];
  ELSIF rest ~ '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})(?![0-9])' THEN
    parts := regexp_match(rest, '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?![0-9])(.*)$');
    month := parts[CASE WHEN month_first THEN 1 ELSE 2 END];
    day := parts[CASE WHEN month_first THEN 2 ELSE 1 END];
    IF month > 12 THEN
      SELECT day, month INTO month, day;
    END IF;
    year := parts[3]; rest := parts[4];
    IF year < 100 THEN year := year + CASE WHEN year < 70 THEN 2000 ELSE 1900 END; END IF;
  ELSIF rest ~* '^[0-9]{1,2}[ -]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ,-]+[0-9]{4}(?![0-9])' THEN
    parts := regexp_match(rest, '^([0-9]{1,2})[ -]+([A-Za-z]+)[ ,-]+([0-9]{4})(.*)$');
    day := parts[1]; month := hogql.month_number(parts[2]); year := parts[3]; rest := parts[4];
  ELSIF rest ~* '^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +[0-9]{1,2},? +[0-9]{4}(?![0-9])' THEN
    parts := regexp_match(rest, '^([A-Za-z]+) +([0-9]{1,2}),? +([0-9]{4})(.*)$');
    month := hogql.month_number(parts[1]); day := parts[2]; year := parts[3]; rest := parts[4];
  ELSIF rest ~* '^[0-9]{4} +(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +[0-9]{1,2}(?![0-9])' THEN
    parts := regexp_match(rest, '^([0-9]{4}) +([A-Za-z]+) +([0-9]{1,2})(.*)$');
    year := parts[1]; month := hogql.month_number(parts[2]); day := parts[3]; rest := parts[4];
  ELSIF rest ~* '^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +[0-9]{4}$' THEN
    parts := regexp_match(rest, '^([A-Za-z]+) +([0-9]{4})$');
    month := hogql.month_number(parts[1]); day := 1; year := parts[2]; rest := '';
  ELSIF rest ~ '^[0-9]{4}(-?[0-9]{2})?$' THEN
    year := left(rest, 4)::integer; month := coalesce(nullif(substr(translate(rest, '-', ''), 5), ''), '1')::integer; day := 1; rest := '';
  ELSE
    RETURN NULL;
  END IF;
  -- the time and the offset
  parts := regexp_match(rest, '^(?:[ T,]+([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2}(?:\.[0-9]+)?))?)?)? *([AaPp][Mm])? *(Z|UTC|GMT|MSK|MSD|[+-][0-9]{2}:?(?:[0-9]{2})?)? *$');
  IF parts IS NULL THEN
    RETURN NULL;
  END IF;
  hour := coalesce(parts[1]::integer, 0); minute := coalesce(parts[2]::integer, 0); second := trunc(coalesce(parts[3]::numeric, 0), 6);
  IF lower(parts[4]) = 'pm' AND hour < 12 THEN hour := hour + 12; END IF;
  IF lower(parts[4]) = 'am' AND hour = 12 THEN hour := 0; END IF;
  RETURN hogql.parts_moment(year, month, day, hour, minute, second, hogql.offset_minutes(parts[5]), zone);
END
$$;

CREATE OR REPLACE FUNCTION hogql.hex(value text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT upper(encode(convert_to(value, 'UTF8'), 'hex')) $$;

-- Whole bytes, without the zero ones before them.
CREATE OR REPLACE FUNCTION hogql.hex(value bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT upper(lpad(to_hex(value), (length(to_hex(value)) + 1) / 2 * 2, '0'))
$$;

-- The eight bytes of a double, the lowest first.
CREATE OR REPLACE FUNCTION hogql.hex(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(upper(encode(substr(float8send(value), i, 1), 'hex')), '' ORDER BY i DESC) FROM generate_series(1, 8) AS i
$$;

-- Pairs of hexadecimal digits as bytes; an odd first digit counts as a byte of its own.
CREATE OR REPLACE FUNCTION hogql.unhex(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[0-9a-fA-F]*$' THEN hogql.bytes_text(decode(repeat('0', length(value) % 2) || value, 'hex'))
    ELSE hogql.required(NULL::text, value, 'string: it is not hexadecimal') END
$$;

CREATE OR REPLACE FUNCTION hogql.base64_encode(value text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT replace(encode(convert_to(value, 'UTF8'), 'base64'), chr(10), '')
$$;

-- NULL when the text is not Base64.
CREATE OR REPLACE FUNCTION hogql.base64_decode(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' THEN hogql.bytes_text(decode(value, 'base64')) END
$$;

-- `1234567` as 1.23 million: the number over the greatest step that is not above it, with the step's name.
CREATE OR REPLACE FUNCTION hogql.with_unit(value double precision, step double precision, names text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = 'NaN' THEN 'nan' WHEN value IN ('Infinity', '-Infinity')
      THEN hogql.float_text(value) || names[cardinality(names)]
    ELSE (SELECT to_char(value / power(step, level), 'FM9999999999999999990.00') || names[level + 1]
      FROM (SELECT coalesce(max(n), 0) AS level FROM generate_series(1, cardinality(names) - 1) AS n
        WHERE abs(value) >= power(step, n)) AS found) END
$$;

CREATE OR REPLACE FUNCTION hogql.quantity_in_words(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.with_unit(value, 1000, ARRAY['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion', ' quintillion',
    ' sextillion', ' septillion', ' octillion', ' nonillion', ' decillion', ' undecillion', ' duodecillion', ' tredecillion',
    ' quattuordecillion', ' quindecillion', ' sexdecillion', ' septendecillion', ' octodecillion', ' novemdecillion', ' vigintillion'])
$$;

CREATE OR REPLACE FUNCTION hogql.size_in_words(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.with_unit(value, 1024, ARRAY[' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB', ' ZiB', ' YiB'])
$$;

CREATE OR REPLACE FUNCTION hogql.decimal_size_in_words(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.with_unit(value, 1000, ARRAY[' B', ' KB', ' MB', ' GB', ' TB', ' PB', ' EB', ' ZB', ' YB'])
$$;

-- Seconds in words, with `largest` as the largest unit. A month has 30.5 days.
CREATE OR REPLACE FUNCTION hogql.duration_in_words(value double precision, largest text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN NULL WHEN value < 0 THEN '-' ELSE '' END || coalesce((
    SELECT regexp_replace(string_agg(amount || ' ' || unit || CASE WHEN amount = 1 THEN '' ELSE 's' END, ', ' ORDER BY seconds DESC), ', ([^,]*)$', ' and \1')
    FROM (SELECT unit, seconds, (CASE WHEN unit = largest THEN total / seconds ELSE
          ((CASE WHEN seconds < 2635200 THEN short ELSE total END) % (lag(seconds) OVER (ORDER BY seconds DESC))) / seconds END) AS amount
      FROM (SELECT total, CASE largest WHEN 'year' THEN total % 31536000 % 2635200 WHEN 'month' THEN total % 2635200 ELSE total END AS short
          FROM (SELECT trunc(abs(value))::bigint AS total) AS whole) AS t,
        (SELECT unit, seconds FROM (VALUES ('year', 31536000), ('month', 2635200), ('day', 86400), ('hour', 3600), ('minute', 60), ('second', 1)) AS u (unit, seconds)
          WHERE seconds <= CASE largest WHEN 'year' THEN 31536000 WHEN 'month' THEN 2635200 WHEN 'day' THEN 86400 WHEN 'hour' THEN 3600 WHEN 'minute' THEN 60 ELSE 1 END) AS units) AS amounts
    WHERE amount > 0), '0 seconds')
$$;

-- NULL outside the bounds.
CREATE OR REPLACE FUNCTION hogql.bounded(value bigint, lowest bigint, highest bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value BETWEEN lowest AND highest THEN value END $$;

-- The numbers of the first version in a text: `v1.12.3-beta` as 1, 12, 3.
CREATE OR REPLACE FUNCTION hogql.version_numbers(value text)
RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT coalesce(hogql.text_int(part), 0)
    FROM unnest(hogql.split(hogql.extract(value, '([0-9]+(?:\.[0-9]+)+)'), '.')) WITH ORDINALITY AS e (part, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.ipv4_number(value text)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$)|$)){4}$'
    THEN value::inet - '0.0.0.0'::inet END
$$;

CREATE OR REPLACE FUNCTION hogql.ipv4_text(value bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT host('0.0.0.0'::inet + (value & 4294967295))
$$;

-- CityHash64 as ClickHouse has it (version 1.0.2), on bigints that stand for unsigned numbers of 64 bits.

CREATE OR REPLACE FUNCTION hogql.unsigned(value bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value < 0 THEN value + 18446744073709551616 ELSE value END
$$;

-- The low 64 bits.
CREATE OR REPLACE FUNCTION hogql.low_word(value numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (mod(mod(value, 18446744073709551616) + 27670116110564327424, 18446744073709551616) - 9223372036854775808)::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.shift_mix(value bigint, bits integer)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT value # ((value >> bits) & ((1::bigint << (64 - bits)) - 1))
$$;

CREATE OR REPLACE FUNCTION hogql.rotate(value bigint, bits integer)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((value >> bits) & ((1::bigint << (64 - bits)) - 1)) | (value << (64 - bits))
$$;

-- Eight bytes from `place` on, the lowest first.
CREATE OR REPLACE FUNCTION hogql.word_at(bytes bytea, place integer)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT get_byte(bytes, place)::bigint | (get_byte(bytes, place + 1)::bigint << 8) | (get_byte(bytes, place + 2)::bigint << 16) | (get_byte(bytes, place + 3)::bigint << 24) |
    (get_byte(bytes, place + 4)::bigint << 32) | (get_byte(bytes, place + 5)::bigint << 40) | (get_byte(bytes, place + 6)::bigint << 48) | (get_byte(bytes, place + 7)::bigint << 56)
$$;

CREATE OR REPLACE FUNCTION hogql.city_mix(low bigint, high bigint)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  a bigint := hogql.shift_mix(hogql.low_word((low # high)::numeric * -7070675565921424023), 47);
BEGIN
  RETURN hogql.low_word(hogql.shift_mix(hogql.low_word((high # a)::numeric * -7070675565921424023), 47)::numeric * -7070675565921424023);
END
$$;

-- An integer.
CREATE OR REPLACE FUNCTION hogql.city_hash(value bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.shift_mix(hogql.low_word(hogql.shift_mix(hogql.low_word(hogql.shift_mix(value # 5544725790478674055, 33)::numeric
    * -49064778989728563), 33)::numeric * -4265267296055464877), 33)
$$;

-- Two words of 32 bytes, seeded.
CREATE OR REPLACE FUNCTION hogql.city_weak(bytes bytea, place integer, first bigint, second bigint)
RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  z bigint := hogql.word_at(bytes, place + 24);
  a bigint := hogql.low_word(first::numeric + hogql.word_at(bytes, place));
  b bigint := hogql.rotate(hogql.low_word(second::numeric + a + z), 21);
  c bigint := a;
BEGIN
  a := hogql.low_word(a::numeric + hogql.word_at(bytes, place + 8) + hogql.word_at(bytes, place + 16));
  b := hogql.low_word(b::numeric + hogql.rotate(a, 44));
  RETURN ARRAY[hogql.low_word(a::numeric + z), hogql.low_word(b::numeric + c)];
END
$$;

CREATE OR REPLACE FUNCTION hogql.city_hash(value text)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  k0 CONSTANT numeric := -4348849565147123417;
  k1 CONSTANT numeric := -5435081209227447693;
  k2 CONSTANT numeric := -7286425919675154353;
  k3 CONSTANT bigint := -3942382747735136937;
  s bytea := convert_to(value, 'UTF8');
  size integer := length(s);
  a bigint; b bigint; c bigint; d bigint; r bigint; x bigint; y bigint; z bigint;
  v bigint[]; w bigint[];
  place integer := 0;
BEGIN
  IF size IS NULL THEN
    RETURN NULL;
  ELSIF size = 0 THEN
    RETURN k2;
  ELSIF size < 4 THEN
    y := get_byte(s, 0) + (get_byte(s, size / 2) << 8);
    z := size + (get_byte(s, size - 1) << 2);
    RETURN hogql.low_word(hogql.shift_mix(hogql.low_word(y * k2) # hogql.low_word(z::numeric * k3), 47) * k2);
  ELSIF size <= 8 THEN
    a := hogql.word_at(s || '\x00000000'::bytea, 0) & 4294967295;
    b := hogql.word_at(s || '\x00000000'::bytea, size - 4) & 4294967295;
    RETURN hogql.city_mix(size + (a << 3), b);
  ELSIF size <= 16 THEN
    a := hogql.word_at(s, 0);
    b := hogql.word_at(s, size - 8);
    RETURN hogql.city_mix(a, hogql.rotate(hogql.low_word(b::numeric + size), size)) # b;
  ELSIF size <= 32 THEN
    a := hogql.low_word(hogql.word_at(s, 0) * k1);
    b := hogql.word_at(s, 8);
    c := hogql.low_word(hogql.word_at(s, size - 8) * k2);
    d := hogql.low_word(hogql.word_at(s, size - 16) * k0);
    RETURN hogql.city_mix(
      hogql.low_word(hogql.rotate(hogql.low_word(a::numeric - b), 43)::numeric + hogql.rotate(c, 30) + d),
      hogql.low_word(a::numeric + hogql.rotate(b # k3, 20) - c + size));
  ELSIF size <= 64 THEN
    z := hogql.word_at(s, 24);
    a := hogql.low_word(hogql.word_at(s, 0) + (size + hogql.word_at(s, size - 16)::numeric) * k0);
    b := hogql.rotate(hogql.low_word(a::numeric + z), 52);
    c := hogql.rotate(a, 37);
    a := hogql.low_word(a::numeric + hogql.word_at(s, 8));
    c := hogql.low_word(c::numeric + hogql.rotate(a, 7));
    a := hogql.low_word(a::numeric + hogql.word_at(s, 16));
    v := ARRAY[hogql.low_word(a::numeric + z), hogql.low_word(b::numeric + hogql.rotate(a, 31) + c)];
    a := hogql.low_word(hogql.word_at(s, 16)::numeric + hogql.word_at(s, size - 32));
    z := hogql.word_at(s, size - 8);
    b := hogql.rotate(hogql.low_word(a::numeric + z), 52);
    c := hogql.rotate(a, 37);
    a := hogql.low_word(a::numeric + hogql.word_at(s, size - 24));
    c := hogql.low_word(c::numeric + hogql.rotate(a, 7));
    a := hogql.low_word(a::numeric + hogql.word_at(s, size - 16));
    w := ARRAY[hogql.low_word(a::numeric + z), hogql.low_word(b::numeric + hogql.rotate(a, 31) + c)];
    r := hogql.shift_mix(hogql.low_word((v[1]::numeric + w[2]) * k2 + (w[1]::numeric + v[2]) * k0), 47);
    RETURN hogql.low_word(hogql.shift_mix(hogql.low_word(r * k0 + v[2]), 47) * k2);
  END IF;
  x := hogql.word_at(s, 0);
  y := hogql.word_at(s, size - 16) # k1::bigint;
  z := hogql.word_at(s, size - 56) # k0::bigint;
  v := hogql.city_weak(s, size - 64, size, y);
  w := hogql.city_weak(s, size - 32, hogql.low_word(size * k1), k0::bigint);
  z := hogql.low_word(z + hogql.shift_mix(v[2], 47) * k1);
  x := hogql.low_word(hogql.rotate(hogql.low_word(z::numeric + x), 39) * k1);
  y := hogql.low_word(hogql.rotate(y, 33) * k1);
  WHILE place < (size - 1) / 64 * 64 LOOP
    x := hogql.low_word(hogql.rotate(hogql.low_word(x::numeric + y + v[1] + hogql.word_at(s, place + 16)), 37) * k1);
    y := hogql.low_word(hogql.rotate(hogql.low_word(y::numeric + v[2] + hogql.word_at(s, place + 48)), 42) * k1);
    x := x # w[2];
    y := y # v[1];
    z := hogql.rotate(z # w[1], 33);
    v := hogql.city_weak(s, place, hogql.low_word(v[2] * k1), hogql.low_word(x::numeric + w[1]));
    w := hogql.city_weak(s, place + 32, hogql.low_word(z::numeric + w[2]), y);
    r := z; z := x; x := r;
    place := place + 64;
  END LOOP;
  RETURN hogql.city_mix(hogql.low_word(hogql.city_mix(v[1], w[1]) + hogql.shift_mix(y, 47) * k1 + z),
    hogql.low_word(hogql.city_mix(v[2], w[2])::numeric + x));
END
$$;
