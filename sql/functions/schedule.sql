-- When a schema is next due. Each has its own place within its frequency, which lasts, so that a thousand schemas of
-- one frequency are spread evenly over it, and each keeps its rhythm whatever a sync takes. A place that comes sooner
-- than half a frequency after the last start is left out; so is one that passed while the sync ran.
CREATE OR REPLACE FUNCTION hedgerow.next_due(
  schema_id bigint, frequency interval, began timestamptz, at timestamptz
) RETURNS timestamptz
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_timestamp(p.place + (floor((greatest(extract(epoch FROM at), extract(epoch FROM began) + p.period / 2) - p.place) / p.period) + 1) * p.period)
  FROM (SELECT extract(epoch FROM frequency)::double precision AS period,
    extract(epoch FROM frequency)::double precision * ((hashint8extended(schema_id, 0) & 1048575) / 1048576.0::double precision) AS place) p
$$;
COMMENT ON FUNCTION hedgerow.next_due(bigint, interval, timestamptz, timestamptz) IS
  'When a schema whose last sync began then is due after a moment: its own lasting place within its frequency.';

-- Takes the leases of up to `wanted` schemas that are due and opens their syncs. Any number of workers may ask at once:
-- none waits for another. The sources take turns: first those that somebody asked for, then those with the fewest
-- syncs under way, then those that are longest due. No source gets more syncs at once, over all workers, than it has
-- connections.
CREATE OR REPLACE FUNCTION hedgerow.claim_due(worker text, duration interval, is_pooled boolean, wanted integer) RETURNS SETOF jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sources bigint[];
  owner   bigint;
  due     record;
  claim   jsonb;
  taken   integer := 0;
  before  integer;
BEGIN
  -- Asked again for each source below, where its lock keeps the answer true.
  sources := ARRAY(
    SELECT o.id FROM hedgerow.source o
    CROSS JOIN LATERAL (
      SELECT s.next_at FROM hedgerow.schema s
      WHERE s.source_id = o.id AND s.enabled AND s.next_at <= statement_timestamp()
        AND (s.lease_owner IS NULL OR NOT hedgerow.lease_is_live(s.lease_until, s.lease_backend, s.lease_backend_start))
      ORDER BY s.next_at LIMIT 1) d
    CROSS JOIN LATERAL (
      SELECT count(*) AS syncs FROM hedgerow.schema s
      WHERE s.source_id = o.id AND s.lease_owner IS NOT NULL
        AND hedgerow.lease_is_live(s.lease_until, s.lease_backend, s.lease_backend_start)) running
    WHERE NOT o.is_paused AND running.syncs < o.max_connections
    ORDER BY (SELECT count(*) = 0 FROM hedgerow.schema s WHERE s.source_id = o.id AND s.enabled AND s.requested_at IS NOT NULL),
      running.syncs, d.next_at
    LIMIT wanted
    FOR NO KEY UPDATE OF o SKIP LOCKED);
  LOOP
    before := taken;
    FOREACH owner IN ARRAY sources LOOP
      EXIT WHEN taken = wanted;
      SELECT s.id, s.requested_at INTO due FROM hedgerow.schema s JOIN hedgerow.source o ON o.id = s.source_id
      WHERE s.source_id = owner AND s.enabled AND s.next_at <= clock_timestamp() AND NOT o.is_paused
        AND (s.lease_owner IS NULL OR NOT hedgerow.lease_is_live(s.lease_until, s.lease_backend, s.lease_backend_start))
        AND o.max_connections > (SELECT count(*) FROM hedgerow.schema r WHERE r.source_id = owner AND r.lease_owner IS NOT NULL
          AND hedgerow.lease_is_live(r.lease_until, r.lease_backend, r.lease_backend_start))
      ORDER BY s.requested_at, s.next_at LIMIT 1
      FOR UPDATE OF s SKIP LOCKED;
      CONTINUE WHEN NOT FOUND;
      claim := hedgerow.claim(due.id, worker, duration, CASE WHEN due.requested_at IS NULL THEN 'schedule' ELSE 'request' END, is_pooled);
      CONTINUE WHEN claim IS NULL;
      taken := taken + 1;
      RETURN NEXT claim;
    END LOOP;
    EXIT WHEN taken = before OR taken = wanted;
  END LOOP;
END
$$;
COMMENT ON FUNCTION hedgerow.claim_due(text, interval, boolean, integer) IS
  'Takes the leases of up to so many schemas that are due, sources in turn, and opens their syncs.';

CREATE OR REPLACE FUNCTION hedgerow.keep_history(days integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF days IS NULL OR days NOT BETWEEN 1 AND 36500 THEN
    PERFORM hedgerow.refuse(format('history cannot be kept for %s days', coalesce(days::text, 'NULL')), 'It takes a whole number from 1 to 36500, as in: SELECT hedgerow.keep_history(90)');
  END IF;
  UPDATE hedgerow.service_setting SET history_days = days;
END
$$;
COMMENT ON FUNCTION hedgerow.keep_history(integer) IS 'Sets how many days a running hedgerow serve keeps syncs in the history, and rejected rows.';

-- A part at a time, so that no transaction is long; rejects go with their sync. One worker does it, others pass by.
CREATE OR REPLACE FUNCTION hedgerow.trim_history(most integer DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(4841917251) THEN RETURN 0; END IF;
  DELETE FROM hedgerow.history WHERE id IN (
    SELECT h.id FROM hedgerow.history h, hedgerow.service_setting o
    WHERE h.started_at < clock_timestamp() - make_interval(days => o.history_days) AND h.status <> 'running'
    ORDER BY h.started_at LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
COMMENT ON FUNCTION hedgerow.trim_history(integer) IS 'Deletes up to so many syncs that are older than the history is kept, with their rejects; returns how many.';
