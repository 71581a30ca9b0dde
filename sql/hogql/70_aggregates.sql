-- Aggregates that Postgres does not have: a few aggregates of its own functions, and functions over collected arrays.

-- For first_value, last_value that skip NULL: the running value is kept as rows come, so a growing frame stays linear.
CREATE OR REPLACE FUNCTION hogql.kept_value(kept anyelement, value anyelement)
RETURNS anyelement LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN kept; END $$;

CREATE OR REPLACE FUNCTION hogql.newer_value(kept anyelement, value anyelement)
RETURNS anyelement LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN value; END $$;

DO $$
BEGIN
  CREATE AGGREGATE hogql.first_agg(anyelement) (SFUNC = hogql.kept_value, STYPE = anyelement, PARALLEL = SAFE);
EXCEPTION WHEN duplicate_function THEN NULL;
END
$$;

DO $$
BEGIN
  CREATE AGGREGATE hogql.last_agg(anyelement) (SFUNC = hogql.newer_value, STYPE = anyelement, PARALLEL = SAFE);
EXCEPTION WHEN duplicate_function THEN NULL;
END
$$;

-- bit_xor came with Postgres 14.
DO $$
BEGIN
  CREATE AGGREGATE hogql.bit_xor_agg(bigint) (
    SFUNC = int8xor, STYPE = bigint, COMBINEFUNC = int8xor, PARALLEL = SAFE);
EXCEPTION WHEN duplicate_function THEN NULL;
END
$$;

-- The n most frequent elements, the most frequent first; of equally frequent ones the one met first.
CREATE OR REPLACE FUNCTION hogql.top_k(elements anyarray, n bigint)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) WITH ORDINALITY AS e (v, i)
    GROUP BY v ORDER BY count(*) DESC, min(i) LIMIT n)
$$;

-- Every element once, in the order in which they are met first.
CREATE OR REPLACE FUNCTION hogql.distinct_elements(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) WITH ORDINALITY AS e (v, i) GROUP BY v ORDER BY min(i))
$$;

CREATE OR REPLACE FUNCTION hogql.count_distinct(elements anyarray)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT count(DISTINCT v) FROM unnest(elements) AS e (v)
$$;

CREATE OR REPLACE FUNCTION hogql.sorted_elements(elements anyarray)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v FROM unnest(elements) AS e (v) ORDER BY v)
$$;

-- The most frequent element.
CREATE OR REPLACE FUNCTION hogql.most_frequent(elements anyarray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT mode() WITHIN GROUP (ORDER BY v) FROM unnest(elements) AS e (v)
$$;

-- The value beside the greatest or the least key.
CREATE OR REPLACE FUNCTION hogql.value_at_greatest(elements anyarray, keys anycompatiblearray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT v FROM unnest(elements, keys) AS e (v, k) ORDER BY k DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION hogql.value_at_least(elements anyarray, keys anycompatiblearray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT v FROM unnest(elements, keys) AS e (v, k) ORDER BY k LIMIT 1
$$;

-- Up to n elements chosen at random; all of them in their order when there are not more.
CREATE OR REPLACE FUNCTION hogql.sampled_elements(elements anyarray, n bigint)
RETURNS anyarray LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT CASE WHEN cardinality(elements) <= n THEN elements
    ELSE ARRAY(SELECT v FROM unnest(elements) AS e (v) ORDER BY random() LIMIT n) END
$$;

-- Quantiles of collected values, for where an ordered-set aggregate cannot stand (windows).
CREATE OR REPLACE FUNCTION hogql.quantile(elements double precision[], level double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT percentile_cont(level) WITHIN GROUP (ORDER BY v) FROM unnest(elements) AS e (v)
$$;

CREATE OR REPLACE FUNCTION hogql.quantiles(elements double precision[], levels double precision[])
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT percentile_cont(levels) WITHIN GROUP (ORDER BY v) FROM unnest(elements) AS e (v)
$$;

-- The element that quantileExact takes of a sorted array.
CREATE OR REPLACE FUNCTION hogql.exact_quantile(sorted anyarray, level double precision)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sorted[least(floor(level * cardinality(sorted))::integer + 1, cardinality(sorted))]
$$;

-- The lower of the two middle elements of a sorted array.
CREATE OR REPLACE FUNCTION hogql.low_median(sorted anyarray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sorted[(cardinality(sorted) + 1) / 2] $$;

-- The sum of the increases from element to element.
CREATE OR REPLACE FUNCTION hogql.delta_sum(elements anyarray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT elements[1] - elements[1] + coalesce(sum(later.v - earlier.v), 0)
  FROM unnest(elements) WITH ORDINALITY AS earlier (v, n)
  JOIN unnest(elements[2:]) WITH ORDINALITY AS later (v, n) ON later.n = earlier.n
  WHERE later.v > earlier.v
$$;

-- Sums over each element and the size - 1 before it; all before it when size is NULL.
CREATE OR REPLACE FUNCTION hogql.moving_sum(elements numeric[], size bigint)
RETURNS numeric[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT total - coalesce(lag(total, coalesce(size, 2147483647)::integer) OVER (ORDER BY n), 0)
    FROM (SELECT n, sum(v) OVER (ORDER BY n) AS total FROM unnest(elements) WITH ORDINALITY AS e (v, n)) AS s ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.moving_sum(elements double precision[], size bigint)
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT total - coalesce(lag(total, coalesce(size, 2147483647)::integer) OVER (ORDER BY n), 0)
    FROM (SELECT n, sum(v) OVER (ORDER BY n) AS total FROM unnest(elements) WITH ORDINALITY AS e (v, n)) AS s ORDER BY n)
$$;

-- The same divided by size, by the number of elements when size is NULL; scale cuts the digits of Decimals.
CREATE OR REPLACE FUNCTION hogql.moving_average(elements double precision[], size bigint)
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT v / coalesce(size, cardinality(elements))
    FROM unnest(hogql.moving_sum(elements, size)) WITH ORDINALITY AS e (v, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.moving_average(elements numeric[], size bigint, scale integer)
RETURNS numeric[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT trunc(v / coalesce(size, cardinality(elements)), scale)
    FROM unnest(hogql.moving_sum(elements, size)) WITH ORDINALITY AS e (v, n) ORDER BY n)
$$;

-- Elements put at their 0-based positions, the first of several for one; the filler between and up to size.
CREATE OR REPLACE FUNCTION hogql.placed_elements(elements anyarray, positions bigint[], filler anyelement, size bigint)
RETURNS anyarray LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT CASE WHEN first.n IS NULL THEN filler ELSE elements[first.n] END
    FROM generate_series(0, greatest(coalesce(size, 0), (SELECT max(p) + 1 FROM unnest(positions) AS e (p))) - 1) AS i
    LEFT JOIN (SELECT p, min(n)::integer AS n FROM unnest(positions) WITH ORDINALITY AS e (p, n) GROUP BY p) AS first
      ON first.p = i
    WHERE size IS NULL OR i < size ORDER BY i)
$$;

-- Third and fourth moments from sums of powers, as ClickHouse computes them.
CREATE OR REPLACE FUNCTION hogql.skewness(
  n double precision, s1 double precision, s2 double precision, s3 double precision, is_sample boolean)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.divide((s3 - (3 * s2 - 2 * s1 * s1 / n) * s1 / n) / n, power(CASE WHEN v > 0 THEN v ELSE 0 END, 1.5))
  FROM (SELECT hogql.divide(s2 - s1 * s1 / n, CASE WHEN is_sample THEN n - 1 ELSE n END)) AS variance (v)
  WHERE n > 0
$$;

CREATE OR REPLACE FUNCTION hogql.kurtosis(
  n double precision, s1 double precision, s2 double precision, s3 double precision, s4 double precision,
  is_sample boolean)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.divide(
    (s4 - (4 * s3 - (6 * s2 - 3 * s1 * s1 / n) * s1 / n) * s1 / n) / n, CASE WHEN v > 0 THEN v * v ELSE 0 END)
  FROM (SELECT hogql.divide(s2 - s1 * s1 / n, CASE WHEN is_sample THEN n - 1 ELSE n END)) AS variance (v)
  WHERE n > 0
$$;

-- How two categories depend on each other: cramersV, cramersVBiasCorrected, contingency, theilsU.
CREATE OR REPLACE FUNCTION hogql.association(a text[], b text[], measure text)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH pairs AS (SELECT x, y, count(*)::double precision AS n FROM unnest(a, b) AS e (x, y) GROUP BY x, y),
  sizes AS (
    SELECT x, y, n, sum(n) OVER (PARTITION BY x) AS nx, sum(n) OVER (PARTITION BY y) AS ny, sum(n) OVER () AS total
    FROM pairs),
  whole AS (
    SELECT greatest(sum(n * n / nx / ny) - 1, 0) AS phi, count(DISTINCT x)::double precision AS kx,
      count(DISTINCT y)::double precision AS ky, max(total) AS total,
      sum(n / total * ln(nx / total)) AS entropy, sum(n / total * ln(n / ny)) AS dependent
    FROM sizes)
  SELECT CASE
    WHEN total IS NULL THEN 'NaN'
    WHEN measure = 'contingency' THEN sqrt(phi / (phi + 1))
    WHEN measure = 'theilsU' THEN CASE WHEN entropy = 0 THEN 0 ELSE (entropy - dependent) / entropy END
    WHEN measure = 'cramersV' THEN sqrt(hogql.divide(phi, least(kx, ky) - 1))
    ELSE sqrt(hogql.divide(
      greatest(phi - hogql.divide((kx - 1) * (ky - 1), total - 1), 0),
      least(kx - hogql.divide((kx - 1) * (kx - 1), total - 1), ky - hogql.divide((ky - 1) * (ky - 1), total - 1)) - 1))
    END
  FROM whole
$$;

-- The greatest number of intervals that lie over one another (rank 1) and where it is reached first (rank 2).
CREATE OR REPLACE FUNCTION hogql.most_intersections(starts double precision[], ends double precision[])
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce((
    SELECT ARRAY[depth, place] FROM (
      SELECT place, sum(step) OVER (ORDER BY place, step) AS depth FROM (
        SELECT s AS place, 1 AS step FROM unnest(starts) AS e (s)
        UNION ALL SELECT t, -1 FROM unnest(ends) AS e (t)) AS steps) AS depths
    WHERE depth > 0 ORDER BY depth DESC, place LIMIT 1), '{0,0}')
$$;

-- The length of the longest chain of steps within the window. `steps` holds, row by row, the bits of the conditions
-- that hold (bit 0 is the first); times and window have one unit.
CREATE OR REPLACE FUNCTION hogql.window_funnel(
  times double precision[], steps bigint[], size integer, span double precision, modes text[])
RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  chain_start double precision[] := array_fill(NULL::double precision, ARRAY[size]);
  previous double precision[] := chain_start;
  is_strict_order boolean := 'strict_order' = ANY (modes);
  is_strict_increase boolean := 'strict_increase' = ANY (modes);
  is_deduplicated boolean := 'strict_deduplication' = ANY (modes) OR 'strict' = ANY (modes);
  has_started boolean := false;
  at double precision;
  step integer;
BEGIN
  FOR at, step IN
    SELECT t, i FROM unnest(times, steps) AS e (t, bits)
    CROSS JOIN LATERAL (
      SELECT i FROM generate_series(1, size) AS i WHERE (bits >> (i - 1)) & 1 = 1
      UNION ALL SELECT 0 WHERE bits = 0 AND is_strict_order) AS s
    ORDER BY t, i
  LOOP
    IF step = 0 THEN
      EXIT WHEN has_started;
    ELSIF step = 1 THEN
      chain_start[1] := at;
      previous[1] := at;
      has_started := true;
    ELSIF is_deduplicated AND chain_start[step] IS NOT NULL THEN
      RETURN step;
    ELSIF is_strict_order AND has_started AND chain_start[step - 1] IS NULL THEN
      RETURN array_position(chain_start, NULL) - 1;
    ELSIF chain_start[step - 1] IS NOT NULL AND at <= chain_start[step - 1] + span
      AND (NOT is_strict_increase OR previous[step - 1] < at) THEN
      chain_start[step] := chain_start[step - 1];
      previous[step] := at;
      IF step = size THEN RETURN size; END IF;
    END IF;
    IF size = 1 AND has_started THEN RETURN 1; END IF;
  END LOOP;
  FOR reached IN REVERSE size..1 LOOP
    IF chain_start[reached] IS NOT NULL THEN RETURN reached; END IF;
  END LOOP;
  RETURN 0;
END
$$;

-- A Decimal from a number of units of its last digit, cut off.
CREATE OR REPLACE FUNCTION hogql.decimal_of_units(units double precision, scale integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT round(trunc(units)::numeric * power(10::numeric, -scale), scale)
$$;

CREATE OR REPLACE FUNCTION hogql.decimals_of_units(units double precision[], scale integer)
RETURNS numeric[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN units IS NOT NULL
    THEN ARRAY(SELECT hogql.decimal_of_units(v, scale) FROM unnest(units) WITH ORDINALITY AS e (v, n) ORDER BY n) END
$$;
