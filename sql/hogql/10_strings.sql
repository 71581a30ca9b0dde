-- Strings are bytes to HogQL: what counts or cuts them counts bytes, unless its name says utf8.

-- Bytes as text; a run of bytes that are no UTF-8 (or NUL, which no text may hold) becomes one replacement character.
CREATE OR REPLACE FUNCTION hogql.bytes_text(bytes bytea)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN encode(bytes, 'hex') ~ '^(?:0[1-9a-f]|[1-7].|(?:c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|(?:e[1-9a-cef]|ed(?=[89]))(?:[89ab].){2}|f0[9ab].(?:[89ab].){2}|f[1-3](?:[89ab].){3}|f48.(?:[89ab].){2})*$'
      THEN convert_from(bytes, 'UTF8')
    ELSE (SELECT regexp_replace(string_agg(CASE WHEN length(m[1]) > 2 OR m[1] ~ '^(?:0[1-9a-f]|[1-7].)$'
        THEN convert_from(decode(m[1], 'hex'), 'UTF8') ELSE U&'\FFFD' END, '' ORDER BY n), U&'\FFFD+', U&'\FFFD', 'g')
      FROM regexp_matches(encode(bytes, 'hex'), '(?:c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|(?:e[1-9a-cef]|ed(?=[89]))(?:[89ab].){2}|f0[9ab].(?:[89ab].){2}|f[1-3](?:[89ab].){3}|f48.(?:[89ab].){2}|..', 'g') WITH ORDINALITY AS e (m, n))
    END
$$;

-- Letters of every script.
DO $$
DECLARE
  rule text := CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_collation WHERE collname = 'und-x-icu')
    THEN ' COLLATE pg_catalog."und-x-icu"' ELSE '' END;
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION hogql.upper_utf8(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS %L', 'SELECT upper(value' || rule || ')');
  EXECUTE format('CREATE OR REPLACE FUNCTION hogql.lower_utf8(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS %L', 'SELECT lower(value' || rule || ')');
END
$$;

-- A number as the int4 that Postgres' string functions take.
CREATE OR REPLACE FUNCTION hogql.small(value bigint)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(least(value, 1000000000), -1000000000)::integer
$$;

-- `start` is 1-based, negative from the end, 0 gives ''; a negative count drops from the end.
CREATE OR REPLACE FUNCTION hogql.substring_utf8(value text, start bigint, count bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN start = 0 THEN CASE WHEN value IS NOT NULL AND count IS NOT NULL THEN '' END
    WHEN count < 0 THEN substr(value, greatest(hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, 1),
      greatest(length(value) + hogql.small(count) + 1
        - greatest(hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, 1), 0))
    ELSE substr(value, hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, hogql.small(count)) END
$$;

CREATE OR REPLACE FUNCTION hogql.substring_bytes(value bytea, start bigint, count bigint)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN start = 0 THEN CASE WHEN value IS NOT NULL AND count IS NOT NULL THEN ''::bytea END
    WHEN count < 0 THEN substr(value, greatest(hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, 1),
      greatest(length(value) + hogql.small(count) + 1
        - greatest(hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, 1), 0))
    ELSE substr(value, hogql.small(start) + CASE WHEN start < 0 THEN length(value) + 1 ELSE 0 END, hogql.small(count)) END
$$;

-- STABLE as convert_to is, else it would not be inlined; so are the others that look at bytes.
CREATE OR REPLACE FUNCTION hogql.substring(value text, start bigint, count bigint)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) = length(value) THEN hogql.substring_utf8(value, start, count)
    ELSE hogql.bytes_text(hogql.substring_bytes(convert_to(value, 'UTF8'), start, count)) END
$$;

CREATE OR REPLACE FUNCTION hogql.reverse(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) = length(value) THEN reverse(value)
    ELSE (SELECT hogql.bytes_text(string_agg(substr(convert_to(value, 'UTF8'), i, 1), '' ORDER BY i DESC))
      FROM generate_series(1, octet_length(value)) AS i) END
$$;

CREATE OR REPLACE FUNCTION hogql.ascii(value text)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = '' THEN 0 ELSE get_byte(convert_to(value, 'UTF8'), 0) END::bigint
$$;

-- Where the needle is, 1-based in bytes, 0 when it is not.
CREATE OR REPLACE FUNCTION hogql.position(haystack text, needle text)
RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(haystack) = length(haystack) THEN strpos(haystack, needle)
    ELSE position(convert_to(needle, 'UTF8') IN convert_to(haystack, 'UTF8')) END::bigint
$$;

CREATE OR REPLACE FUNCTION hogql.position(haystack text, needle text, start bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN start > octet_length(haystack) + 1 THEN 0 ELSE (SELECT CASE WHEN p = 0 THEN 0 ELSE p + greatest(start, 1) - 1 END
    FROM (SELECT position(convert_to(needle, 'UTF8') IN substr(convert_to(haystack, 'UTF8'), hogql.small(greatest(start, 1)))) AS p) AS found) END
$$;

CREATE OR REPLACE FUNCTION hogql.position_utf8(haystack text, needle text, start bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN start > length(haystack) + 1 THEN 0 ELSE (SELECT CASE WHEN p = 0 THEN 0 ELSE p + greatest(start, 1) - 1 END
    FROM (SELECT strpos(substr(haystack, hogql.small(greatest(start, 1))), needle) AS p) AS found) END
$$;

-- Pads or cuts to `size` bytes, with spaces where there is nothing to pad with.
CREATE OR REPLACE FUNCTION hogql.left_pad(value text, size bigint, fill text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) >= size THEN hogql.substring(value, 1, greatest(size, 0))
    ELSE hogql.substring(repeat(coalesce(nullif(fill, ''), ' '), hogql.small((size - octet_length(value)) / greatest(octet_length(fill), 1) + 1)), 1, size - octet_length(value)) || value END
$$;

CREATE OR REPLACE FUNCTION hogql.right_pad(value text, size bigint, fill text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) >= size THEN hogql.substring(value, 1, greatest(size, 0))
    ELSE value || hogql.substring(repeat(coalesce(nullif(fill, ''), ' '), hogql.small((size - octet_length(value)) / greatest(octet_length(fill), 1) + 1)), 1, size - octet_length(value)) END
$$;

CREATE OR REPLACE FUNCTION hogql.replace_one(value text, found text, replacement text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN found = '' OR strpos(value, found) = 0 THEN value
    ELSE left(value, strpos(value, found) - 1) || replacement || substr(value, strpos(value, found) + length(found)) END
$$;

CREATE OR REPLACE FUNCTION hogql.ends_with(value text, suffix text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT right(value, length(suffix)) = suffix $$;

-- How often the needle is in the haystack, without overlaps.
CREATE OR REPLACE FUNCTION hogql.count_substrings(haystack text, needle text)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN needle = '' THEN 0
    ELSE ((length(haystack) - length(replace(haystack, needle, ''))) / length(needle))::bigint END
$$;

-- All needles, in that order, with anything between them.
CREATE OR REPLACE FUNCTION hogql.has_subsequence(haystack text, needle text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT haystack LIKE regexp_replace(needle, '(.)', '%\\\1', 'g') || '%'
$$;

-- The parts between separators; every one of the characters when the separator is empty. A `most` over 0 keeps so many.
CREATE OR REPLACE FUNCTION hogql.split(value text, separator text, most bigint)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (CASE WHEN separator = '' THEN string_to_array(value, NULL) WHEN value = '' THEN ARRAY['']
    ELSE string_to_array(value, separator) END)[1:CASE WHEN most > 0 THEN hogql.small(most) ELSE 2147483647 END]
$$;

CREATE OR REPLACE FUNCTION hogql.split(value text, separator text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN separator = '' THEN string_to_array(value, NULL) WHEN value = '' THEN ARRAY['']
    ELSE string_to_array(value, separator) END
$$;

-- Runs of characters other than spaces and punctuation.
CREATE OR REPLACE FUNCTION hogql.tokens(value text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(regexp_split_to_array(value, '[ \t\n\r\f\v!-/:-@\[-`{-~]+'), '')
$$;

CREATE OR REPLACE FUNCTION hogql.words(value text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(regexp_split_to_array(value, '[ \t\n\r\f\v]+'), '')
$$;

CREATE OR REPLACE FUNCTION hogql.ngrams(value text, size bigint)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT substr(value, i, hogql.small(size)) FROM generate_series(1, length(value) - hogql.small(size) + 1) AS i ORDER BY i)
$$;

CREATE OR REPLACE FUNCTION hogql.multi_search_any(haystack text, needles text[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN haystack IS NOT NULL THEN EXISTS (SELECT FROM unnest(needles) AS n (needle) WHERE strpos(haystack, needle) > 0) END
$$;

CREATE OR REPLACE FUNCTION hogql.multi_search_first_index(haystack text, needles text[])
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN haystack IS NOT NULL THEN coalesce((SELECT min(n) FROM unnest(needles) WITH ORDINALITY AS e (needle, n)
    WHERE strpos(haystack, needle) > 0), 0) END
$$;

CREATE OR REPLACE FUNCTION hogql.multi_search_positions(haystack text, needles text[], by_characters boolean)
RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT CASE WHEN by_characters THEN strpos(haystack, needle)::bigint ELSE hogql.position(haystack, needle) END
    FROM unnest(needles) WITH ORDINALITY AS e (needle, n) ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.multi_search_first_position(haystack text, needles text[], by_characters boolean)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN haystack IS NOT NULL THEN coalesce((SELECT min(p)
    FROM unnest(hogql.multi_search_positions(haystack, needles, by_characters)) AS p WHERE p > 0), 0) END
$$;

CREATE OR REPLACE FUNCTION hogql.multi_match_indices(haystack text, patterns text[])
RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT n FROM unnest(patterns) WITH ORDINALITY AS e (pattern, n) WHERE haystack ~ pattern ORDER BY n)
$$;

-- What the pattern's first group holds, the whole match when it has no group, '' when nothing matches.
CREATE OR REPLACE FUNCTION hogql.extract(value text, pattern text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NOT NULL THEN coalesce(substring(value, pattern), '') END
$$;

-- For each match its `part`th group, where the pattern is one group itself: 1 is the whole match.
CREATE OR REPLACE FUNCTION hogql.extract_all(value text, pattern text, part integer)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT coalesce(m[part], '') FROM regexp_matches(value, pattern, 'g') WITH ORDINALITY AS e (m, n)
    WHERE m[1] <> '' ORDER BY n)
$$;

CREATE OR REPLACE FUNCTION hogql.count_matches(value text, pattern text)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NOT NULL THEN (SELECT count(*) FROM regexp_matches(value, pattern, 'g') AS m WHERE m[1] <> '') END
$$;

CREATE OR REPLACE FUNCTION hogql.match_group(value text, pattern text, part integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NOT NULL THEN coalesce((regexp_match(value, pattern))[part], '') END
$$;

CREATE OR REPLACE FUNCTION hogql.filled(elements text[])
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_replace(coalesce(elements, '{}'), NULL, '')
$$;

-- The groups of each match.
CREATE OR REPLACE FUNCTION hogql.extract_groups(value text, pattern text)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT to_jsonb(hogql.filled(m)) FROM regexp_matches(value, pattern, 'g') WITH ORDINALITY AS e (m, n) ORDER BY n)
$$;

-- For each group what it holds in every match.
CREATE OR REPLACE FUNCTION hogql.extract_groups_across(value text, pattern text, groups integer)
RETURNS jsonb[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT to_jsonb(ARRAY(SELECT coalesce(m[g], '') FROM regexp_matches(value, pattern, 'g') WITH ORDINALITY AS e (m, n) ORDER BY n))
    FROM generate_series(1, groups) AS g ORDER BY g)
$$;

CREATE OR REPLACE FUNCTION hogql.split_regexp(value text, pattern text, most bigint)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (regexp_split_to_array(value, pattern))[1:CASE WHEN most > 0 THEN hogql.small(most) ELSE 2147483647 END]
$$;

CREATE OR REPLACE FUNCTION hogql.first_of(elements text[], most bigint)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT elements[1:CASE WHEN most > 0 THEN hogql.small(most) ELSE 2147483647 END]
$$;

CREATE OR REPLACE FUNCTION hogql.quoted_pattern(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(value, '([\\|()^$.\[\]?*+{:-])', '\\\1', 'g')
$$;

CREATE OR REPLACE FUNCTION hogql.trailing_character(value text, mark text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value = '' OR right(value, 1) = mark THEN value ELSE value || mark END
$$;

CREATE OR REPLACE FUNCTION hogql.encode_xml(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&apos;')
$$;

CREATE OR REPLACE FUNCTION hogql.decode_xml(value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(value, '&') = 0 THEN value ELSE (SELECT string_agg(CASE m[1] WHEN '&lt;' THEN '<' WHEN '&gt;' THEN '>'
      WHEN '&amp;' THEN '&' WHEN '&quot;' THEN '"' WHEN '&apos;' THEN ''''
      ELSE CASE WHEN m[1] ~ '^&#0*[1-9][0-9]{0,5};$' THEN chr(substr(rtrim(m[1], ';'), 3)::integer)
        WHEN m[1] ~ '^&#x0*[1-9a-fA-F][0-9a-fA-F]{0,4};$' THEN chr(('x' || lpad(substr(rtrim(m[1], ';'), 4), 8, '0'))::bit(32)::integer)
        ELSE m[1] END END, '' ORDER BY n)
    FROM regexp_matches(value, '&(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);|[^&]+|&', 'g') WITH ORDINALITY AS e (m, n)) END
$$;
