CREATE OR REPLACE FUNCTION hedgerow.find_source(source text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found bigint := (SELECT id FROM hedgerow.source s WHERE s.name = find_source.source);
  near  text;
BEGIN
  IF found IS NULL THEN
    near := hedgerow.nearest(source, (SELECT array_agg(name) FROM hedgerow.source));
    PERFORM hedgerow.refuse(format('no source is named %s', source),
      coalesce('Did you mean ' || near || '?', 'hedgerow sources lists what is linked.'), '42704');
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION hedgerow.find_source(text) IS 'The id of the source with this name; raises, with the nearest name, where there is none.';

CREATE OR REPLACE FUNCTION hedgerow.find_schema(source text, schema text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner constant bigint := hedgerow.find_source(source);
  found bigint := (SELECT s.id FROM hedgerow.schema s WHERE s.source_id = owner AND s.name = schema);
  near  text;
BEGIN
  IF found IS NULL THEN
    near := hedgerow.nearest(schema, (SELECT array_agg(s.name) FROM hedgerow.schema s WHERE s.source_id = owner));
    PERFORM hedgerow.refuse(format('source %s has no schema named %s', source, schema),
      coalesce('Did you mean ' || source || '.' || near || '?', format('hedgerow schemas %s lists them.', source)), '42704');
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION hedgerow.find_schema(text, text) IS 'The id of a source''s schema; raises, with the nearest name, where there is none.';
