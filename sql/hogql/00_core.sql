-- What operators, property paths and text forms need. Every function is one expression, so that the planner inlines it.
CREATE SCHEMA IF NOT EXISTS hogql;

-- `a / b` of doubles: infinite or NaN where the divisor is zero.
CREATE OR REPLACE FUNCTION hogql.divide(dividend double precision, divisor double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN divisor <> 0 THEN dividend / divisor
    WHEN dividend > 0 AND dividend <> 'NaN' THEN 'Infinity'::double precision * CASE WHEN divisor::text = '-0' THEN -1 ELSE 1 END
    WHEN dividend < 0 THEN '-Infinity'::double precision * CASE WHEN divisor::text = '-0' THEN -1 ELSE 1 END
    WHEN dividend IS NOT NULL AND divisor IS NOT NULL THEN 'NaN'::double precision END
$$;

-- `a % b` of doubles, with the dividend's sign.
CREATE OR REPLACE FUNCTION hogql.modulo(dividend double precision, divisor double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN divisor = 0 OR dividend IN ('Infinity', '-Infinity', 'NaN') THEN 'NaN'::double precision
    WHEN divisor IN ('Infinity', '-Infinity') THEN dividend
    ELSE dividend - divisor * trunc(dividend / divisor) END
$$;

-- An integer brought back into 64 bits, as two's complement wraps.
CREATE OR REPLACE FUNCTION hogql.wrapped(value numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (mod(mod(value, 18446744073709551616) + 27670116110564327424, 18446744073709551616) - 9223372036854775808)::bigint
$$;

-- The shortest text that reads back as the same double, in ClickHouse's spelling.
CREATE OR REPLACE FUNCTION hogql.float_text(value double precision)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = 'NaN' THEN 'nan' WHEN value = 'Infinity' THEN 'inf' WHEN value = '-Infinity' THEN '-inf'
    WHEN value = 0 THEN CASE WHEN value::text = '-0' THEN '-0' ELSE '0' END
    WHEN abs(value) >= 1e21 OR abs(value) < 1e-6
      THEN replace(regexp_replace(value::text, 'e([+-])0*', 'e\1'), 'e+', 'e')
    WHEN value::text LIKE '%e%' THEN trim_scale(value::text::numeric)::text
    ELSE value::text END
$$;

-- A Decimal's text has no trailing zeros.
CREATE OR REPLACE FUNCTION hogql.decimal_text(value numeric)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT trim_scale(value)::text $$;

-- A string as it stands inside the text of an array or a tuple.
CREATE OR REPLACE FUNCTION hogql.quoted_text(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '''' || replace(replace(value, '\', '\\'), '''', '\''') || ''''
$$;

-- A double inside jsonb, where NaN and the infinities are strings. Stable as to_jsonb is, else it would not be inlined.
CREATE OR REPLACE FUNCTION hogql.float_json(value double precision)
RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IN ('NaN', 'Infinity', '-Infinity') THEN to_jsonb(hogql.float_text(value))
    ELSE to_jsonb(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.float_array_json(elements double precision[])
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT jsonb_agg(hogql.float_json(v) ORDER BY n) FROM unnest(elements) WITH ORDINALITY AS e (v, n)), '[]')
$$;

-- An element of an array by ClickHouse's index: 1-based, negative from the end; NULL when there is none.
CREATE OR REPLACE FUNCTION hogql.array_element(elements anyarray, index integer)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT elements[CASE WHEN index < 0 THEN cardinality(elements) + 1 + index ELSE index END]
$$;

-- jsonb as text without the spaces that Postgres puts after `:` and `,` outside strings, and numbers in their
-- shortest form.
CREATE OR REPLACE FUNCTION hogql.json_text_compact(value jsonb)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'object' THEN (SELECT '{' || coalesce(string_agg(to_jsonb(key)::text || ':' || hogql.json_text_compact(e.value), ',' ORDER BY n), '') || '}'
      FROM jsonb_each(value) WITH ORDINALITY AS e (key, value, n))
    WHEN 'array' THEN (SELECT '[' || coalesce(string_agg(hogql.json_text_compact(e.value), ',' ORDER BY n), '') || ']'
      FROM jsonb_array_elements(value) WITH ORDINALITY AS e (value, n))
    WHEN 'number' THEN CASE
      WHEN scale(value::text::numeric) = 0 AND abs(value::text::numeric) < 18446744073709551616 THEN value::text
      ELSE hogql.float_text(value::text::double precision) END
    ELSE value::text END;
END
$$;

-- The text of a property: raw JSON without a string's quotes; NULL for JSON's null.
CREATE OR REPLACE FUNCTION hogql.json_text(value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'string' THEN substr(value::text, 2, length(value::text) - 2)
    WHEN 'null' THEN NULL WHEN 'boolean' THEN value::text ELSE hogql.json_text_compact(value) END
$$;

-- The n-th value of an object, 1-based, negative from the end.
CREATE OR REPLACE FUNCTION hogql.json_value_at(value jsonb, index bigint)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT e.value FROM jsonb_each(value) WITH ORDINALITY AS e (key, value, n)
  WHERE n = CASE WHEN index > 0 THEN index ELSE (SELECT count(*) FROM jsonb_object_keys(json_value_at.value)) + 1 + index END
$$;

-- The n-th element of an array or value of an object, 1-based, negative from the end.
CREATE OR REPLACE FUNCTION hogql.json_element(value jsonb, index bigint)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN index = 0 OR abs(index) > 2147483647 THEN NULL
    WHEN jsonb_typeof(value) = 'array' THEN value -> (CASE WHEN index > 0 THEN index - 1 ELSE index END)::integer
    WHEN jsonb_typeof(value) = 'object' THEN hogql.json_value_at(value, index) END
$$;

-- The JSON in a text, NULL when it holds none. Catching an error takes a subtransaction, which no parallel worker may have.
CREATE OR REPLACE FUNCTION hogql.text_json(value text)
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE AS $$
BEGIN
  RETURN value::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;

-- Arrays one after another. Postgres 13 spells array_cat's type differently.
DO $$
DECLARE
  kind text := CASE WHEN current_setting('server_version_num')::integer < 140000 THEN 'anyarray' ELSE 'anycompatiblearray' END;
BEGIN
  EXECUTE format(
    'CREATE AGGREGATE hogql.concat_agg(%s) (SFUNC = array_cat, STYPE = %s, INITCOND = ''{}'', PARALLEL = SAFE)', kind, kind);
EXCEPTION WHEN duplicate_function THEN NULL;
END
$$;
