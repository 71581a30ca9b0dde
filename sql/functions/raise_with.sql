-- Errors for a person: what happened, then what to do about it.
CREATE OR REPLACE FUNCTION hedgerow.refuse(message text, hint text DEFAULT NULL, code text DEFAULT '22023') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = message, HINT = coalesce(hint, ''), ERRCODE = code;
END
$$;
COMMENT ON FUNCTION hedgerow.refuse(text, text, text) IS 'Raises an error with a hint.';

CREATE OR REPLACE FUNCTION hedgerow.nearest(word text, words text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  -- Trigram likeness, without the extension: the share of three-letter parts that both have.
  SELECT w FROM unnest(words) w,
    LATERAL (SELECT count(*) AS common FROM
      (SELECT DISTINCT substr('  ' || lower(word) || ' ', i, 3) AS part FROM generate_series(1, length(word) + 1) i) a
      JOIN (SELECT DISTINCT substr('  ' || lower(w) || ' ', i, 3) AS part FROM generate_series(1, length(w) + 1) i) b USING (part)) c
  WHERE common::float / greatest(length(word), length(w)) > 0.3
  ORDER BY common::float / greatest(length(word), length(w)) DESC, w LIMIT 1
$$;
COMMENT ON FUNCTION hedgerow.nearest(text, text[]) IS 'The word most like the given one, or NULL where none is near.';
