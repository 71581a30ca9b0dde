-- Arrays. Positions count from 1; a negative one counts from the end.

-- From an offset so many elements; a negative count leaves off that many at the end, NULL takes all.
CREATE OR REPLACE FUNCTION hogql.array_slice(elements anyarray, start bigint, count bigint)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN start = 0 THEN elements[1:0] ELSE elements[
    greatest(CASE WHEN start > 0 THEN start ELSE cardinality(elements) + start + 1 END, 1)::integer :
    CASE WHEN count IS NULL THEN cardinality(elements) WHEN count < 0 THEN cardinality(elements) + count
      ELSE least(CASE WHEN start > 0 THEN start ELSE cardinality(elements) + start + 1 END + count - 1, cardinality(elements))
      END::integer] END
$$;

CREATE OR REPLACE FUNCTION hogql.array_reverse(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) WITH ORDINALITY AS e (v, n) ORDER BY n DESC)
$$;

-- First occurrences, without NULL.
CREATE OR REPLACE FUNCTION hogql.array_distinct(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) WITH ORDINALITY AS e (v, n) WHERE v IS NOT NULL GROUP BY v ORDER BY min(n))
$$;

-- Without the repeats of the element before.
CREATE OR REPLACE FUNCTION hogql.array_compact(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM (SELECT v, n, lag(v) OVER (ORDER BY n) AS before
      FROM unnest(elements) WITH ORDINALITY AS e (v, n)) AS pairs
    WHERE n = 1 OR v IS DISTINCT FROM before ORDER BY n)
$$;

-- Shifted to the left, round and round.
CREATE OR REPLACE FUNCTION hogql.array_rotated(elements anyarray, count bigint)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN cardinality(elements) = 0 THEN elements
    ELSE elements[((count % cardinality(elements) + cardinality(elements)) % cardinality(elements) + 1)::integer :]
      || elements[: ((count % cardinality(elements) + cardinality(elements)) % cardinality(elements))::integer] END
$$;

-- Cut or filled up to a size; a negative size does so at the front.
CREATE OR REPLACE FUNCTION hogql.array_resize(elements anyarray, size bigint, filler anyelement)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN size >= 0
    THEN elements[1 : size::integer] || array_fill(filler, ARRAY[greatest(size - cardinality(elements), 0)::integer])
    ELSE array_fill(filler, ARRAY[greatest(-size - cardinality(elements), 0)::integer])
      || elements[greatest(cardinality(elements) + size + 1, 1)::integer :] END
$$;

-- One level of arrays less.
CREATE OR REPLACE FUNCTION hogql.array_flatten(elements jsonb[])
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT f.v FROM unnest(elements) WITH ORDINALITY AS e (v, n),
    jsonb_array_elements(e.v) WITH ORDINALITY AS f (v, m) ORDER BY e.n, f.m)
$$;

-- The distinct elements of one array that the other has too.
CREATE OR REPLACE FUNCTION hogql.array_intersect(elements anyarray, others anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) WITH ORDINALITY AS e (v, n)
    WHERE array_position(others, v) IS NOT NULL GROUP BY v ORDER BY min(n))
$$;

CREATE OR REPLACE FUNCTION hogql.count_equal(elements anyarray, element anyelement)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT count(*) FROM unnest(elements) AS v WHERE v IS NOT DISTINCT FROM element
$$;

-- NULL is an element like any other in the next three.
CREATE OR REPLACE FUNCTION hogql.has_any(elements anyarray, others anyarray)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM unnest(others) AS v WHERE array_position(elements, v) IS NOT NULL)
$$;

CREATE OR REPLACE FUNCTION hogql.has_all(elements anyarray, others anyarray)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT NOT EXISTS (SELECT FROM unnest(others) AS v WHERE array_position(elements, v) IS NULL)
$$;

CREATE OR REPLACE FUNCTION hogql.has_run(elements anyarray, others anyarray)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT cardinality(others) = 0 OR EXISTS (SELECT FROM generate_series(1, cardinality(elements) - cardinality(others) + 1) AS n
    WHERE elements[n : n + cardinality(others) - 1] = others)
$$;

-- From start on, in steps, the end left out.
CREATE OR REPLACE FUNCTION hogql.range(start bigint, finish bigint, step bigint)
RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT generate_series(start, finish - sign(step)::bigint, step))
$$;

-- For each element the number of its value, in the order of first occurrences.
CREATE OR REPLACE FUNCTION hogql.array_dense_numbers(elements anyarray)
RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT dense_rank() OVER (ORDER BY first)
    FROM (SELECT n, min(n) OVER (PARTITION BY v) AS first FROM unnest(elements) WITH ORDINALITY AS e (v, n)) AS firsts
    ORDER BY n)
$$;

-- Running sums that start again from 0 where they would become negative.
CREATE OR REPLACE FUNCTION hogql.sums_not_below_zero(elements numeric[])
RETURNS numeric[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT total - least(min(total) OVER (ORDER BY n), 0)
    FROM (SELECT n, sum(v) OVER (ORDER BY n) AS total FROM unnest(elements) WITH ORDINALITY AS e (v, n)) AS sums
    ORDER BY n)
$$;

-- The area under the ROC curve: how often a positive label's score beats a negative one's.
CREATE OR REPLACE FUNCTION hogql.array_auc(scores double precision[], labels double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(avg(CASE WHEN p.score > q.score THEN 1 WHEN p.score = q.score THEN 0.5 ELSE 0 END)::double precision, 'NaN')
  FROM unnest(scores, labels) AS p (score, label), unnest(scores, labels) AS q (score, label)
  WHERE p.label > 0 AND q.label <= 0
$$;

DO $$
BEGIN
  CREATE AGGREGATE hogql.product(double precision) (SFUNC = float8mul, STYPE = double precision, PARALLEL = SAFE);
EXCEPTION WHEN duplicate_function THEN NULL;
END
$$;

-- Vectors.
CREATE OR REPLACE FUNCTION hogql.tuple_vector(elements jsonb)
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT CASE v WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE v END::double precision
    FROM jsonb_array_elements_text(elements) WITH ORDINALITY AS e (v, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.vector_difference(a double precision[], b double precision[])
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT x - y FROM unnest(a, b) WITH ORDINALITY AS e (x, y, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.vector_l1(elements double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(abs(v)), 0) FROM unnest(elements) AS v
$$;

CREATE OR REPLACE FUNCTION hogql.vector_l2(elements double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sqrt(coalesce(sum(v * v), 0)) FROM unnest(elements) AS v
$$;

CREATE OR REPLACE FUNCTION hogql.vector_largest(elements double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(max(abs(v)), 0) FROM unnest(elements) AS v
$$;

CREATE OR REPLACE FUNCTION hogql.vector_norm(elements double precision[], p double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(abs(v) ^ p), 0) ^ (1 / p) FROM unnest(elements) AS v
$$;

CREATE OR REPLACE FUNCTION hogql.vector_scaled(elements double precision[], divisor double precision)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_agg(hogql.float_json(hogql.divide(v, divisor)) ORDER BY n), '[]')
  FROM unnest(elements) WITH ORDINALITY AS e (v, n)
$$;

CREATE OR REPLACE FUNCTION hogql.dot_product(a double precision[], b double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(x * y), 0) FROM unnest(a, b) AS e (x, y)
$$;

CREATE OR REPLACE FUNCTION hogql.cosine_distance(a double precision[], b double precision[])
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 1 - hogql.divide(hogql.dot_product(a, b), hogql.vector_l2(a) * hogql.vector_l2(b))
$$;
