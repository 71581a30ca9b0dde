-- Tuples (`jsonb` arrays) and maps (`jsonb` objects).

CREATE OR REPLACE FUNCTION hogql.map_size(map jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT count(*) FROM jsonb_object_keys(map) $$;

-- Values of equal keys added; keys of one map only keep their value.
CREATE OR REPLACE FUNCTION hogql.map_sum(a jsonb, b jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT jsonb_object_agg(key, total) FROM (SELECT key, sum(value::numeric) AS total
    FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) AS entries GROUP BY key) AS sums), '{}')
$$;

CREATE OR REPLACE FUNCTION hogql.map_difference(a jsonb, b jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT jsonb_object_agg(key, total) FROM (SELECT key, sum(value) AS total
    FROM (SELECT key, value::numeric FROM jsonb_each_text(a) UNION ALL SELECT key, -value::numeric FROM jsonb_each_text(b))
      AS entries (key, value) GROUP BY key) AS sums), '{}')
$$;

-- Every integer key from the least to the greatest, or to a given one; new ones have 0.
CREATE OR REPLACE FUNCTION hogql.map_series(map jsonb, greatest_key bigint)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT jsonb_object_agg(n::text, coalesce(map -> n::text, '0'))
    FROM (SELECT min(k::bigint) AS low, coalesce(greatest_key, max(k::bigint)) AS high FROM jsonb_object_keys(map) AS k) AS ends,
      generate_series(low, high) AS n), '{}')
$$;

-- The number of places at which two tuples differ.
CREATE OR REPLACE FUNCTION hogql.tuple_distance(a jsonb, b jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT count(*) FROM generate_series(0, jsonb_array_length(a) - 1) AS n WHERE a -> n <> b -> n
$$;

-- ('1', first), ('2', second) ..
CREATE OR REPLACE FUNCTION hogql.tuple_pairs(elements jsonb)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT jsonb_build_array(n::text, v) FROM jsonb_array_elements(elements) WITH ORDINALITY AS e (v, n) ORDER BY n)
$$;
