-- What must be known to drop what depends on columns and make it again in the same transaction (see
-- recreate_dependents.sql). It is JSON: `relation`, whose columns change; `starts`, the columns as `relation` and
-- `column` (null for all of them); `identities` of all that depends on them and is no part of the relations; `objects`,
-- what is dropped and made again, in the order in which it is made: `identity`, `drop` (a statement) and `create`
-- (statements).

-- Everything that depends on the columns, with what becomes of it and the role that must agree.
CREATE OR REPLACE FUNCTION hedgerow.dependent_fates(relations oid[], columns integer[], parents oid[], in_place oid[])
RETURNS TABLE (classid oid, objid oid, depth integer, identity text, fate text, owner oid)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN QUERY
    SELECT d.classid, d.objid, d.depth, concat(i.type, ' ', i.identity),
      hedgerow.fate_of_dependent(d.classid, d.objid, parents, in_place), hedgerow.owner_of(d.classid, d.objid)
    FROM hedgerow.dependent_objects(relations, columns) AS d
    CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i;
END
$$;

COMMENT ON FUNCTION hedgerow.dependent_fates(oid[], integer[], oid[], oid[]) IS
  'Everything that depends on columns, what becomes of it while their types change, and its owner.';

CREATE OR REPLACE FUNCTION hedgerow.owner_of(of_class oid, of_object oid) RETURNS oid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  home CONSTANT oid := hedgerow.relation_of(of_class, of_object);
BEGIN
  CASE of_class
    WHEN 'pg_proc'::regclass THEN
      RETURN (SELECT proowner FROM pg_proc WHERE oid = of_object);
    WHEN 'pg_statistic_ext'::regclass THEN
      RETURN (SELECT stxowner FROM pg_statistic_ext WHERE oid = of_object);
    WHEN 'pg_publication_rel'::regclass THEN
      RETURN (
        SELECT p.pubowner FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
        WHERE r.oid = of_object);
    ELSE
      RETURN (SELECT relowner FROM pg_class WHERE oid = home);
  END CASE;
END
$$;

COMMENT ON FUNCTION hedgerow.owner_of(oid, oid) IS 'The role that owns an object, or the relation it belongs to.';

-- Locks the relations and the views on them, checks that every dependent can be dropped and made again, and returns
-- how. Changes nothing. For `parents` and `in_place` see hedgerow.fate_of_dependent.
CREATE OR REPLACE FUNCTION hedgerow.save_dependents(relations oid[], columns integer[], parents oid[], in_place oid[])
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM hedgerow.refuse_dependents(relations, columns, parents, in_place);
  PERFORM hedgerow.lock_dependents(relations, columns, parents, in_place);
  -- Again: another session may have made a view before the locks were ours.
  PERFORM hedgerow.refuse_dependents(relations, columns, parents, in_place);
  RETURN (
    SELECT jsonb_build_object(
      'relation', parents[1]::regclass,
      'starts', (
        SELECT jsonb_agg(jsonb_build_object('relation', c.relation::regclass, 'column', a.attname))
        FROM unnest(relations, columns) AS c (relation, number)
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.relation AND a.attnum = c.number AND c.number > 0),
      'identities', coalesce(jsonb_agg(f.identity)
        FILTER (WHERE NOT hedgerow.is_part_of(f.classid, f.objid, parents)), '[]'),
      'objects', coalesce(jsonb_agg(jsonb_build_object(
          'identity', f.identity,
          'drop', hedgerow.drop_statement(f.classid, f.objid),
          'create', hedgerow.object_definition(f.classid, f.objid)) ORDER BY f.depth, f.objid)
        FILTER (WHERE f.fate = 'recreated'), '[]'))
    FROM hedgerow.dependent_fates(relations, columns, parents, in_place) AS f);
END
$$;

COMMENT ON FUNCTION hedgerow.save_dependents(oid[], integer[], oid[], oid[]) IS
  'Locks what depends on columns and returns how to drop it and make it again.';

-- Raises when a dependent can neither stay nor be made again by this role, and names it.
CREATE OR REPLACE FUNCTION hedgerow.refuse_dependents(
  relations oid[], columns integer[], parents oid[], in_place oid[])
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  refused record;
BEGIN
  SELECT coalesce(hedgerow.generated_column(f.classid, f.objid, parents), f.identity) AS identity,
    pg_get_userbyid(f.owner) AS owner, f.fate = 'refused' AS never INTO refused
  FROM hedgerow.dependent_fates(relations, columns, parents, in_place) AS f
  WHERE f.fate = 'refused' OR f.fate = 'recreated' AND NOT pg_has_role(f.owner, 'USAGE')
  ORDER BY never DESC, f.depth, f.identity LIMIT 1;
  IF refused.never THEN
    RAISE EXCEPTION 'cannot change the column types of %: % depends on them', parents[1]::regclass, refused.identity
      USING ERRCODE = '2BP01', DETAIL = 'An object of this kind cannot be dropped and made again safely.',
        HINT = 'Drop it, sync again, then make it again.';
  ELSIF NOT refused.never THEN
    RAISE EXCEPTION 'cannot change the column types of %: % depends on them and belongs to the role %',
      parents[1]::regclass, refused.identity, quote_ident(refused.owner)
      USING ERRCODE = '2BP01', DETAIL = format('The role %I may not drop it and make it again.', current_user),
        HINT = format('GRANT %I TO %I, or drop it, sync again, then make it again.', refused.owner, current_user);
  END IF;
END
$$;

COMMENT ON FUNCTION hedgerow.refuse_dependents(oid[], integer[], oid[], oid[]) IS
  'Raises, naming the object, when a dependent of columns can neither stay nor be made again.';

-- Names a generated column of the table, for a default that the catalog names by the partition; otherwise NULL.
CREATE OR REPLACE FUNCTION hedgerow.generated_column(of_class oid, of_object oid, parents oid[]) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT format('generated column %s.%I', parents[1]::regclass, a.attname)
    FROM pg_attrdef AS d
    JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE of_class = 'pg_attrdef'::regclass AND d.oid = of_object AND d.adrelid = ANY (parents)
      AND a.attgenerated <> '');
END
$$;

COMMENT ON FUNCTION hedgerow.generated_column(oid, oid, oid[]) IS
  'Names the generated column of a table whose expression this is.';

-- Views first and the outermost before all, as a query takes its locks, so that neither waits for the other in a
-- circle. A view given to the owner it has is locked, it alone, and not changed.
CREATE OR REPLACE FUNCTION hedgerow.lock_dependents(relations oid[], columns integer[], parents oid[], in_place oid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, pg_get_userbyid(c.relowner))
    FROM hedgerow.dependent_fates(relations, columns, parents, in_place) AS f
    JOIN pg_class AS c ON f.classid = 'pg_class'::regclass AND c.oid = f.objid AND c.relkind IN ('v', 'm')
    ORDER BY f.depth DESC, c.oid
  LOOP
    EXECUTE statement;
  END LOOP;
  EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', parents[1]::regclass);
END
$$;

COMMENT ON FUNCTION hedgerow.lock_dependents(oid[], integer[], oid[], oid[]) IS
  'Locks the views that depend on columns, then the table.';
