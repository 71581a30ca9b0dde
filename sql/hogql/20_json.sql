-- Values inside JSON. The path is already walked: the argument is what it leads to, NULL when that is missing.

-- A string unescaped, anything else as JSON text, '' for null and what is missing.
CREATE OR REPLACE FUNCTION hogql.json_string(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'string' THEN value #>> '{}' WHEN 'null' THEN ''
    ELSE coalesce(hogql.json_text_compact(value), '') END
$$;

-- A number, or a string that holds one.
CREATE OR REPLACE FUNCTION hogql.json_number(value jsonb)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric
    WHEN 'string' THEN CASE WHEN value #>> '{}' ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$' THEN (value #>> '{}')::numeric END END
$$;

-- NULL when there is no number in it, or one beyond 64 bits.
CREATE OR REPLACE FUNCTION hogql.json_int(value jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN hogql.json_number(value) > -9223372036854775809 AND hogql.json_number(value) < 9223372036854775808
    THEN trunc(hogql.json_number(value))::bigint END
$$;

CREATE OR REPLACE FUNCTION hogql.json_float(value jsonb)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(hogql.json_number(value)) < 1e-307 THEN 0
    WHEN abs(hogql.json_number(value)) < 1.7976931348623158e308 THEN hogql.json_number(value)::double precision
    WHEN hogql.json_number(value) > 0 THEN 'Infinity' WHEN hogql.json_number(value) < 0 THEN '-Infinity'
    WHEN jsonb_typeof(value) = 'string' AND lower(value #>> '{}') IN ('nan', 'inf', '-inf') THEN (value #>> '{}')::double precision END
$$;

-- `true` and every integer but zero.
CREATE OR REPLACE FUNCTION hogql.json_bool(value jsonb)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'boolean' THEN value::boolean
    WHEN 'number' THEN value::numeric <> 0 AND scale(value::numeric) = 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.json_elements(value jsonb)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT e.value FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value END)
    WITH ORDINALITY AS e (value, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.json_elements_raw(value jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT hogql.json_text_compact(e.value)
    FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value END) WITH ORDINALITY AS e (value, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.json_keys(value jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT key FROM jsonb_each(CASE jsonb_typeof(value) WHEN 'object' THEN value END) WITH ORDINALITY AS e (key, value, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.json_pairs_raw(value jsonb)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT jsonb_build_array(key, hogql.json_text_compact(e.value))
    FROM jsonb_each(CASE jsonb_typeof(value) WHEN 'object' THEN value END) WITH ORDINALITY AS e (key, value, n) ORDER BY n)
$$;

-- Pairs of key and value, as `jsonb` still.
CREATE OR REPLACE FUNCTION hogql.json_pairs(value jsonb)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT jsonb_build_array(key, e.value)
    FROM jsonb_each(CASE jsonb_typeof(value) WHEN 'object' THEN value END) WITH ORDINALITY AS e (key, value, n) ORDER BY n)
$$;

-- An object from such pairs.
CREATE OR REPLACE FUNCTION hogql.json_object(pairs jsonb[])
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT jsonb_object_agg(pair ->> 0, pair -> 1) FROM unnest(pairs) AS e (pair)), '{}')
$$;

-- A named element of a tuple: of an object by name, of an array by place.
CREATE OR REPLACE FUNCTION hogql.json_member(value jsonb, name text, index bigint)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'object' THEN value -> name ELSE hogql.json_element(value, index) END
$$;

CREATE OR REPLACE FUNCTION hogql.json_length(value jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value)
    WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys(value)) ELSE 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.json_array_length(value jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value)::bigint END
$$;

CREATE OR REPLACE FUNCTION hogql.json_type(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'object' THEN 'Object' WHEN 'array' THEN 'Array' WHEN 'string' THEN 'String'
    WHEN 'boolean' THEN 'Bool'
    WHEN 'number' THEN CASE WHEN scale(value::numeric) > 0 THEN 'Double'
      WHEN value::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 THEN 'Int64'
      WHEN value::numeric BETWEEN 0 AND 18446744073709551615 THEN 'UInt64' ELSE 'String' END
    ELSE 'Null' END
$$;

-- The text of a scalar; '' for objects, arrays and what is missing.
CREATE OR REPLACE FUNCTION hogql.json_scalar_text(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'string' THEN value #>> '{}' WHEN 'null' THEN 'null' WHEN 'boolean' THEN value::text
    WHEN 'number' THEN hogql.json_text_compact(value) ELSE '' END
$$;

-- A string with its quotes; slashes are escaped as well.
CREATE OR REPLACE FUNCTION hogql.json_quoted(value text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT replace(to_jsonb(value)::text, '/', '\/')
$$;

CREATE OR REPLACE FUNCTION hogql.json_float_text(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IN ('NaN', 'Infinity', '-Infinity') THEN 'null' ELSE hogql.float_text(value) END
$$;

-- A whole number for a typed extraction, where `true` is 1.
CREATE OR REPLACE FUNCTION hogql.json_whole(value jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'boolean' THEN value::boolean::integer::bigint ELSE hogql.json_int(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.json_only_string(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'string' THEN value #>> '{}' END
$$;

-- A string unescaped, anything else as JSON text; NULL for null.
CREATE OR REPLACE FUNCTION hogql.json_text_or_null(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'string' THEN value #>> '{}' WHEN 'null' THEN NULL ELSE hogql.json_text_compact(value) END
$$;

-- A double for a typed extraction, where `true` is 1.
CREATE OR REPLACE FUNCTION hogql.json_real(value jsonb)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'boolean' THEN value::boolean::integer::double precision ELSE hogql.json_float(value) END
$$;
