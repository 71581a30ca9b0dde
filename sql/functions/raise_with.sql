-- Errors for a person: what happened, then what to do about it.
CREATE OR REPLACE FUNCTION hedgerow.refuse(message text, hint text DEFAULT NULL, code text DEFAULT '22023') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = message, HINT = coalesce(hint, ''), ERRCODE = code;
END
$$;
COMMENT ON FUNCTION hedgerow.refuse(text, text, text) IS 'Raises an error with a hint.';

-- How many letters have to be added, left out, exchanged or swapped with their neighbour (optimal string alignment).
CREATE OR REPLACE FUNCTION hedgerow.edit_distance(word text, other text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a      constant text[] := string_to_array(lower(word), NULL);
  b      constant text[] := string_to_array(lower(other), NULL);
  before integer[];
  above  integer[] := ARRAY(SELECT generate_series(0, cardinality(b)));
  here   integer[];
BEGIN
  FOR i IN 1..cardinality(a) LOOP
    here := ARRAY[i];
    FOR j IN 1..cardinality(b) LOOP
      here[j + 1] := least(above[j + 1] + 1, here[j] + 1, above[j] + (a[i] <> b[j])::integer,
        CASE WHEN i > 1 AND j > 1 AND a[i] = b[j - 1] AND a[i - 1] = b[j] THEN before[j - 1] + 1 END);
    END LOOP;
    before := above;
    above := here;
  END LOOP;
  RETURN above[cardinality(b) + 1];
END
$$;
COMMENT ON FUNCTION hedgerow.edit_distance(text, text) IS 'How many slips of the hand make one word of another, in any case of its letters.';

CREATE OR REPLACE FUNCTION hedgerow.nearest(word text, words text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT w FROM unnest(words) w
  WHERE abs(length(word) - length(w)) <= greatest(1, (length(word) + 1) / 3)
    AND hedgerow.edit_distance(word, w) <= least(greatest(1, (length(word) + 1) / 3), greatest(length(word), length(w)) - 1)
  ORDER BY hedgerow.edit_distance(word, w), w LIMIT 1
$$;
COMMENT ON FUNCTION hedgerow.nearest(text, text[]) IS 'The word most like the given one, or NULL where none is near.';
