-- Numbers. Postgres raises an error where ClickHouse gives NaN or an infinity: these ask first.

CREATE OR REPLACE FUNCTION hogql.max2(a double precision, b double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN a >= b THEN a WHEN b > a THEN b END $$;

CREATE OR REPLACE FUNCTION hogql.min2(a double precision, b double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN a <= b THEN a WHEN b < a THEN b END $$;

CREATE OR REPLACE FUNCTION hogql.if_not_finite(value double precision, replacement double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IN ('NaN', 'Infinity', '-Infinity') THEN replacement ELSE value END
$$;

-- x rounded to so many digits after the point, on the binary value.
CREATE OR REPLACE FUNCTION hogql.round_to(value double precision, digits integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN digits < 0 THEN round(value / (10::double precision ^ -digits)) * (10::double precision ^ -digits)
    WHEN abs(value) < 1e15 THEN round(value * (10::double precision ^ digits)) / (10::double precision ^ digits)
    ELSE value END
$$;

CREATE OR REPLACE FUNCTION hogql.floor_to(value double precision, digits integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN digits < 0 THEN floor(value / (10::double precision ^ -digits)) * (10::double precision ^ -digits)
    WHEN abs(value) < 1e15 THEN floor(value * (10::double precision ^ digits)) / (10::double precision ^ digits)
    ELSE value END
$$;

CREATE OR REPLACE FUNCTION hogql.ceil_to(value double precision, digits integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN digits < 0 THEN ceil(value / (10::double precision ^ -digits)) * (10::double precision ^ -digits)
    WHEN abs(value) < 1e15 THEN ceil(value * (10::double precision ^ digits)) / (10::double precision ^ digits)
    ELSE value END
$$;

CREATE OR REPLACE FUNCTION hogql.trunc_to(value double precision, digits integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN digits < 0 THEN trunc(value / (10::double precision ^ -digits)) * (10::double precision ^ -digits)
    WHEN abs(value) < 1e15 THEN trunc(value * (10::double precision ^ digits)) / (10::double precision ^ digits)
    ELSE value END
$$;

CREATE OR REPLACE FUNCTION hogql.floor_to(value numeric, digits integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT trunc(value, digits) - CASE WHEN trunc(value, digits) > value THEN ('1e' || (-digits)::text)::numeric ELSE 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.ceil_to(value numeric, digits integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT trunc(value, digits) + CASE WHEN trunc(value, digits) < value THEN ('1e' || (-digits)::text)::numeric ELSE 0 END
$$;

-- Half to even.
CREATE OR REPLACE FUNCTION hogql.round_bankers_to(value numeric, digits integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value - trunc(value, digits)) * 2 = ('1e' || (-digits)::text)::numeric
      AND mod(trunc(value, digits) / ('1e' || (-digits)::text)::numeric, 2) = 0
    THEN trunc(value, digits) ELSE round(value, digits) END
$$;

-- The greatest number of the list that is not above the value; below all of them the least.
CREATE OR REPLACE FUNCTION hogql.round_down(value anyelement, steps anyarray)
RETURNS anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NOT NULL
    THEN coalesce((SELECT max(s) FROM unnest(steps) AS s WHERE s <= value), (SELECT min(s) FROM unnest(steps) AS s)) END
$$;

CREATE OR REPLACE FUNCTION hogql.round_to_exp2(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) > 0 AND abs(value) < 'Infinity'
    THEN sign(value) * 2::double precision ^ floor(log(2, abs(value)::numeric)) ELSE value END
$$;

CREATE OR REPLACE FUNCTION hogql.round_duration(value double precision)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NOT NULL THEN hogql.round_down(floor(least(value, 36000))::bigint,
    '{0,1,10,30,60,120,180,240,300,600,1200,1800,3600,7200,18000,36000}'::bigint[]) END
$$;

CREATE OR REPLACE FUNCTION hogql.round_age(value double precision)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value < 1 THEN 0 WHEN value < 18 THEN 17 WHEN value < 25 THEN 18 WHEN value < 35 THEN 25
    WHEN value < 45 THEN 35 WHEN value < 55 THEN 45 WHEN value IS NOT NULL THEN 55 END::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.integer_division_or_zero(dividend numeric, divisor numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN divisor = 0 AND dividend IS NOT NULL THEN 0 ELSE div(dividend, divisor) END::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.modulo_or_zero(dividend numeric, divisor numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN divisor = 0 AND dividend IS NOT NULL THEN 0 ELSE mod(dividend, divisor) END
$$;

CREATE OR REPLACE FUNCTION hogql.positive_modulo(dividend numeric, divisor numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT mod(dividend, divisor) + CASE WHEN mod(dividend, divisor) < 0 THEN abs(divisor) ELSE 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.positive_modulo(dividend double precision, divisor double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hogql.modulo(dividend, divisor) + CASE WHEN hogql.modulo(dividend, divisor) < 0 THEN abs(divisor) ELSE 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.square_root(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value < 0 THEN 'NaN' ELSE sqrt(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.natural_log(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value > 0 THEN ln(value) WHEN value = 0 THEN '-Infinity' WHEN value < 0 THEN 'NaN' END
$$;

-- Exact for powers of two.
CREATE OR REPLACE FUNCTION hogql.log2(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value > 0 AND value < 'Infinity' THEN
      CASE WHEN 2::double precision ^ round(ln(value) / ln(2::double precision)) = value
        THEN round(ln(value) / ln(2::double precision)) ELSE ln(value) / ln(2::double precision) END
    WHEN value > 0 THEN value WHEN value = 0 THEN '-Infinity' WHEN value < 0 THEN 'NaN' END
$$;

CREATE OR REPLACE FUNCTION hogql.log10(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value > 0 THEN log(value) WHEN value = 0 THEN '-Infinity' WHEN value < 0 THEN 'NaN' END
$$;

CREATE OR REPLACE FUNCTION hogql.log1p(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) < 1e-5 THEN value - value * value / 2 + value * value * value / 3
    ELSE hogql.natural_log(1 + value) END
$$;

CREATE OR REPLACE FUNCTION hogql.exponential(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = 'NaN' THEN value WHEN value > 709.782712893384 THEN 'Infinity' WHEN value < -708 THEN 0
    ELSE exp(value) END
$$;

-- Powers as C counts them: infinite where they overflow or divide by zero, NaN for roots of negative numbers.
CREATE OR REPLACE FUNCTION hogql.power(base double precision, exponent double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN base IS NULL OR exponent IS NULL THEN NULL
    WHEN exponent = 0 OR base = 1 THEN 1
    WHEN base = 'NaN' OR exponent = 'NaN' THEN 'NaN'
    WHEN base = 0 AND exponent < 0 THEN 'Infinity'
    WHEN base = 0 THEN 0
    WHEN abs(base) = 'Infinity' OR abs(exponent) = 'Infinity' THEN base ^ exponent
    WHEN base < 0 AND exponent <> floor(exponent) THEN 'NaN'
    WHEN exponent * ln(abs(base)) > 709.782712893384
      THEN CASE WHEN base < 0 AND mod(exponent::numeric, 2) <> 0 THEN '-Infinity' ELSE 'Infinity' END::double precision
    WHEN exponent * ln(abs(base)) < -708 THEN 0
    ELSE base ^ exponent END
$$;

CREATE OR REPLACE FUNCTION hogql.exp2(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hogql.power(2, value) $$;

CREATE OR REPLACE FUNCTION hogql.exp10(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hogql.power(10, value) $$;

CREATE OR REPLACE FUNCTION hogql.hypotenuse(a double precision, b double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN greatest(abs(a), abs(b)) IN (0, 'Infinity', 'NaN') OR a IS NULL OR b IS NULL THEN abs(a) + abs(b)
    ELSE greatest(abs(a), abs(b)) * sqrt(1 + (least(abs(a), abs(b)) / greatest(abs(a), abs(b))) ^ 2) END
$$;

-- A power of a whole number; past the greatest exponent the largest integer.
CREATE OR REPLACE FUNCTION hogql.integer_power(base bigint, exponent bigint, greatest_exponent bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN exponent < 0 THEN 0 WHEN exponent > greatest_exponent THEN 9223372036854775807
    ELSE (base::numeric ^ exponent::numeric)::bigint END
$$;

-- The error function: its series near zero, the continued fraction of its complement beyond.
CREATE OR REPLACE FUNCTION hogql.complementary_error_function(value double precision)
RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  x double precision := abs(value);
  term double precision := x;
  total double precision := x;
  fraction double precision := 0;
BEGIN
  IF value IS NULL OR value = 'NaN' THEN RETURN value; END IF;
  IF x > 26 THEN RETURN CASE WHEN value > 0 THEN 0 ELSE 2 END; END IF;
  IF x < 2.5 THEN
    FOR n IN 1..60 LOOP
      term := -term * x * x / n;
      total := total + term / (2 * n + 1);
    END LOOP;
    RETURN 1 - sign(value) * 2 / sqrt(pi()) * total;
  END IF;
  FOR n IN REVERSE 80..1 LOOP
    fraction := n / 2.0::double precision / (x + fraction);
  END LOOP;
  total := exp(-x * x) / sqrt(pi()) / (x + fraction);
  RETURN CASE WHEN value > 0 THEN total ELSE 2 - total END;
END
$$;

CREATE OR REPLACE FUNCTION hogql.error_function(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 1 - hogql.complementary_error_function(value)
$$;

-- The logarithm of the gamma function, by Lanczos' approximation.
CREATE OR REPLACE FUNCTION hogql.log_gamma(value double precision)
RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  parts CONSTANT double precision[] := '{676.5203681218851,-1259.1392167224028,771.32342877765313,-176.61502916214059,12.507343278686905,-0.13857109526572012,9.9843695780195716e-6,1.5056327351493116e-7}';
  total double precision := 0.99999999999980993;
  x double precision := value - 1;
BEGIN
  IF value IS NULL OR value IN ('NaN', 'Infinity') THEN RETURN value; END IF;
  IF value <= 0 AND value = floor(value) THEN RETURN 'Infinity'; END IF;
  IF value < 0.5 THEN RETURN ln(pi() / abs(sin(pi() * value))) - hogql.log_gamma(1 - value); END IF;
  FOR n IN 1..8 LOOP
    total := total + parts[n] / (x + n);
  END LOOP;
  RETURN 0.5 * ln(2 * pi()) + (x + 0.5) * ln(x + 7.5) - (x + 7.5) + ln(total);
END
$$;

CREATE OR REPLACE FUNCTION hogql.gamma_function(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value <= 0 AND value = floor(value) THEN CASE WHEN value = 0 THEN 'Infinity' ELSE 'NaN' END::double precision
    WHEN value = floor(value) AND value BETWEEN 1 AND 20 THEN factorial(value::bigint - 1)::double precision
    WHEN value < 0 AND mod(floor(value)::numeric, 2) <> 0 THEN -hogql.exponential(hogql.log_gamma(value))
    ELSE hogql.exponential(hogql.log_gamma(value)) END
$$;

CREATE OR REPLACE FUNCTION hogql.sine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) = 'Infinity' THEN 'NaN' ELSE sin(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.cosine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) = 'Infinity' THEN 'NaN' ELSE cos(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.tangent(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) = 'Infinity' THEN 'NaN' ELSE tan(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.arc_sine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) <= 1 THEN asin(value) WHEN value IS NOT NULL THEN 'NaN' END
$$;

CREATE OR REPLACE FUNCTION hogql.arc_cosine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) <= 1 THEN acos(value) WHEN value IS NOT NULL THEN 'NaN' END
$$;

CREATE OR REPLACE FUNCTION hogql.hyperbolic_sine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) > 710 AND value <> 'NaN' THEN sign(value) * 'Infinity'::double precision ELSE sinh(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.hyperbolic_cosine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) > 710 AND value <> 'NaN' THEN 'Infinity' ELSE cosh(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.area_cosine(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value < 1 THEN 'NaN' ELSE acosh(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.area_tangent(value double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(value) = 1 THEN sign(value) * 'Infinity'::double precision WHEN abs(value) > 1 THEN 'NaN'
    ELSE atanh(value) END
$$;

CREATE OR REPLACE FUNCTION hogql.shift_left(value bigint, count bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN count > 63 THEN 0 ELSE value << count::integer END
$$;

CREATE OR REPLACE FUNCTION hogql.shift_right(value bigint, count bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN count > 63 THEN CASE WHEN value < 0 THEN -1 ELSE 0 END ELSE value >> count::integer END
$$;

CREATE OR REPLACE FUNCTION hogql.rotate_left(value bigint, count bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((value::bit(64) << (((count % 64) + 64) % 64)::integer)
    | (value::bit(64) >> ((64 - ((count % 64) + 64) % 64))::integer))::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.bit_of(value bigint, index bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN index BETWEEN 0 AND 63 THEN (value >> index::integer) & 1 ELSE 0 END
$$;

CREATE OR REPLACE FUNCTION hogql.bit_count(value bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT length(replace(value::bit(64)::text, '0', ''))::bigint
$$;
