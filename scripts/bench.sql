-- The bench's data: every value is a hash of its row's number, so they are the same on each machine.
-- Each part is run alone, with :rows set; scripts/bench finds it by the line that begins with "-- part".

-- part w1_narrow
CREATE TABLE w1_narrow (
  id bigint NOT NULL, account_id integer, amount numeric(12,2), status text, created_at timestamptz
);
CREATE OR REPLACE FUNCTION narrow_rows(first bigint, last bigint) RETURNS SETOF w1_narrow LANGUAGE sql STABLE AS $$
  SELECT n, (dice % 250000)::integer, (dice / 16 % 30000000 - 10000000)::numeric / 100,
    CASE dice / 7 % 5 WHEN 0 THEN 'pending' WHEN 1 THEN 'settled' WHEN 2 THEN 'refunded' WHEN 3 THEN 'failed' ELSE 'disputed' END,
    timestamptz '2024-02-01 00:00:00+00' + n * interval '6 seconds' + dice % 1000000 * interval '1 microsecond'
  FROM (SELECT n, hashint8extended(n, 11) & 4611686018427387903 AS dice FROM generate_series(first, last) n) rolled
$$;
INSERT INTO w1_narrow SELECT * FROM narrow_rows(1, :rows);
ALTER TABLE w1_narrow ADD PRIMARY KEY (id);
VACUUM (ANALYZE, FREEZE) w1_narrow;

-- part w2_wide
CREATE TABLE w2_wide (
  id bigint NOT NULL, account_id integer NOT NULL, quantity smallint, views bigint, price numeric(14,4), discount numeric(5,2),
  active boolean, vip boolean, external_id uuid, sku text, title text, description text, note text, country varchar(2),
  attributes jsonb, tags text[], score double precision, ship_date date, local_time timestamp, created_at timestamptz,
  updated_at timestamptz
);
INSERT INTO w2_wide
SELECT n, (dice % 130000)::integer, (dice % 500)::smallint, CASE WHEN dice % 4 > 0 THEN dice / 1000000 END,
  (dice / 8 % 1000000000)::numeric / 10000, CASE WHEN dice % 3 > 0 THEN (dice % 10000)::numeric / 100 END,
  dice % 2 = 0, CASE dice % 5 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END,
  hex::uuid, 'SKU-' || upper(left(hex, 16)),
  'Item ' || left(hex, 8) || ' ' || (ARRAY['haie fleurie', 'plain garden hedge', 'Weißdornhecke', 'stone wall 2m', '生け垣の題名'])[1 + dice % 5] || ' #' || n,
  repeat(left(hex, 8) || ' lorem ipsum ', 2 + (dice % 8)::integer),
  CASE dice % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'say "hedge", then go' WHEN 3 THEN E'a tab\there\nand a new line'
    WHEN 4 THEN E'back\\slash and \\N' ELSE 'an ordinary note of about forty letters.' END,
  (ARRAY['FR', 'DE', 'GB', 'US', 'JP', 'BR'])[1 + dice % 6],
  jsonb_build_object('k', dice % 1000, 'from', (ARRAY['web', 'app', 'api'])[1 + dice % 3],
    'nested', jsonb_build_object('a', dice % 16, 'b', left(hex, 12)), 'ok', dice % 2 = 0),
  CASE dice % 6 WHEN 0 THEN NULL WHEN 1 THEN '{}' ELSE ARRAY['t' || dice % 32, 'comma, "quoted"', left(hex, 6)] END,
  (dice % 1000000)::float8 / 1024, CASE WHEN dice % 4 <> 1 THEN date '2020-01-01' + (dice % 2000)::integer END,
  CASE WHEN dice % 4 <> 2 THEN timestamp '2022-05-01' + dice % 100000000 * interval '1 second' + dice % 1000000 * interval '1 microsecond' END,
  timestamptz '2023-01-01 00:00:00+00' + n * interval '11 seconds',
  timestamptz '2024-06-01 00:00:00+00' + n * interval '13 seconds' + dice % 1000000 * interval '1 microsecond'
FROM (SELECT n, hashint8extended(n, 12) & 4611686018427387903 AS dice, md5(n::text) AS hex FROM generate_series(1, :rows) n) rolled;
ALTER TABLE w2_wide ADD PRIMARY KEY (id);
VACUUM (ANALYZE, FREEZE) w2_wide;

-- part w4_merge
CREATE TABLE w4_merge (
  id bigint NOT NULL, account_id integer, amount numeric(12,2), status text, payload text, created_at timestamptz,
  updated_at timestamptz NOT NULL
);
INSERT INTO w4_merge
SELECT n, (dice % 250000)::integer, (dice / 256 % 300000000)::numeric / 100,
  CASE dice % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'open' ELSE 'done' END, repeat(md5(n::text), 2),
  timestamptz '2024-01-01 00:00:00+00' + n * interval '1 second', timestamptz '2024-01-01 00:00:00+00' + n * interval '1 second'
FROM (SELECT n, hashint8extended(n, 14) & 4611686018427387903 AS dice FROM generate_series(1, :rows) n) rolled;
ALTER TABLE w4_merge ADD PRIMARY KEY (id);
CREATE INDEX ON w4_merge (updated_at);
VACUUM (ANALYZE, FREEZE) w4_merge;

-- part append_small
CREATE TABLE append_small (LIKE w1_narrow);
INSERT INTO append_small SELECT * FROM narrow_rows(1, :rows);
ALTER TABLE append_small ADD PRIMARY KEY (id);
VACUUM (ANALYZE, FREEZE) append_small;

-- part append_large
CREATE TABLE append_large (LIKE w1_narrow);
INSERT INTO append_large SELECT * FROM narrow_rows(1, :rows);
ALTER TABLE append_large ADD PRIMARY KEY (id);
VACUUM (ANALYZE, FREEZE) append_large;

-- part many
SELECT format('CREATE TABLE %I (id bigint PRIMARY KEY, name text, updated_at timestamptz NOT NULL)', name),
  format($$INSERT INTO %I SELECT i, md5(i::text), timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute' FROM generate_series(1, 1000) i$$, name),
  format('CREATE INDEX ON %I (updated_at)', name)
FROM (SELECT 't' || lpad(n::text, 3, '0') AS name FROM generate_series(1, :rows) n) named \gexec
VACUUM (ANALYZE);
