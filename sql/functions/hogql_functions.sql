-- Replacing the functions of the namespace hogql. One whose result or arguments' names change cannot be replaced in its
-- place, and people may have built views on it, which are never dropped for that.

-- Routines that both namespaces have and that differ in what CREATE OR REPLACE cannot change, as `name(types)`.
CREATE OR REPLACE FUNCTION hedgerow.changed_routines(before text, after text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT ARRAY(
    SELECT format('%I(%s)', o.proname, oidvectortypes(o.proargtypes))
    FROM pg_proc AS o
    JOIN pg_proc AS n ON n.proname = o.proname AND n.proargtypes = o.proargtypes
    WHERE o.pronamespace = to_regnamespace(before) AND n.pronamespace = to_regnamespace(after)
      AND ((o.prokind, o.prorettype, o.proretset, o.provariadic) <> (n.prokind, n.prorettype, n.proretset, n.provariadic)
        OR o.pronargdefaults > n.pronargdefaults
        OR o.proargmodes IS DISTINCT FROM n.proargmodes OR o.proallargtypes IS DISTINCT FROM n.proallargtypes
        OR EXISTS (
          SELECT FROM unnest(o.proargnames) WITH ORDINALITY AS a (name, place)
          WHERE a.name <> '' AND a.name IS DISTINCT FROM n.proargnames[a.place]))
    ORDER BY 1)
$$;

COMMENT ON FUNCTION hedgerow.changed_routines(text, text) IS
  'Routines of two namespaces that have the same name and arguments and cannot replace each other.';

-- What stands on routines of hogql, directly or through others: routines of hogql itself, and what people made.
CREATE OR REPLACE FUNCTION hedgerow.users_of_routines(signatures text[])
RETURNS TABLE (class oid, object oid, part integer, is_own boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH RECURSIVE users (class, object, part) AS (
    SELECT 'pg_proc'::regclass::oid, to_regprocedure('hogql.' || s)::oid, 0 FROM unnest(signatures) AS s
    UNION
    -- A view stands on a function through its rule.
    SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END, coalesce(r.ev_class, d.objid),
      CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END
    FROM users AS u
    JOIN pg_depend AS d ON d.refclassid = u.class AND d.refobjid = u.object AND d.deptype = 'n'
    LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid)
  SELECT u.class, u.object, u.part, u.class = 'pg_proc'::regclass AND EXISTS (
      SELECT FROM pg_proc AS p WHERE p.oid = u.object AND p.pronamespace = to_regnamespace('hogql'))
  FROM users AS u
$$;

COMMENT ON FUNCTION hedgerow.users_of_routines(text[]) IS
  'Routines of the namespace hogql, given as name(types), with all that stands on them; is_own tells those of hogql itself.';

CREATE OR REPLACE FUNCTION hedgerow.users_beside_hogql(signatures text[]) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT ARRAY(
    SELECT pg_describe_object(u.class, u.object, u.part) FROM hedgerow.users_of_routines(signatures) AS u
    WHERE NOT u.is_own ORDER BY 1)
$$;

COMMENT ON FUNCTION hedgerow.users_beside_hogql(text[]) IS
  'What people made that stands on these routines of the namespace hogql, in words.';

-- Drops routines of hogql with those of hogql that stand on them; refuses where anything else does. Returns the
-- privileges of every routine of hogql, for hedgerow.restore_routines.
CREATE OR REPLACE FUNCTION hedgerow.drop_routines(signatures text[]) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  grants CONSTANT jsonb := (
    SELECT jsonb_object_agg(p.oid::regprocedure, p.proacl::text) FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace('hogql'));
BEGIN
  EXECUTE 'DROP ROUTINE ' || (
    SELECT string_agg(u.object::regprocedure::text, ', ') FROM hedgerow.users_of_routines(signatures) AS u WHERE u.is_own);
  RETURN grants;
END
$$;

COMMENT ON FUNCTION hedgerow.drop_routines(text[]) IS
  'Drops routines of the namespace hogql, and returns the privileges that all of them had.';

CREATE OR REPLACE FUNCTION hedgerow.restore_routines(grants jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM hedgerow.restore_routine_grants(p.oid::regprocedure, g.value::aclitem[])
  FROM jsonb_each_text(grants) AS g
  JOIN pg_proc AS p ON p.oid = to_regprocedure(g.key)
  WHERE p.proacl::text IS DISTINCT FROM g.value;
END
$$;

COMMENT ON FUNCTION hedgerow.restore_routines(jsonb) IS
  'Gives routines that were made again the privileges that hedgerow.drop_routines returned.';
