-- Grants, as they were, on an object that was made again.

-- Gives an object (`TABLE a.b`, `ROUTINE a.f(integer)`), or one column of it, exactly the privileges `wanted`. What
-- default privileges have added is revoked. A grant is made by its old grantor where the session may act as that
-- role, otherwise by the owner.
CREATE OR REPLACE FUNCTION hedgerow.restore_grants(object text, of_column name, present aclitem[], wanted aclitem[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  part CONSTANT text := coalesce(' (' || quote_ident(of_column) || ')', '');
  -- NULL for none, since aclexplode refuses an empty array.
  had CONSTANT aclitem[] := CASE WHEN cardinality(present) > 0 THEN present END;
  will CONSTANT aclitem[] := CASE WHEN cardinality(wanted) > 0 THEN wanted END;
  g record;
BEGIN
  FOR g IN
    SELECT e.privilege_type AS privilege, hedgerow.grantee_in_sql(e.grantee) AS grantee
    FROM (SELECT * FROM aclexplode(had) EXCEPT SELECT * FROM aclexplode(will)) AS e
  LOOP
    EXECUTE format('REVOKE %s%s ON %s FROM %s CASCADE', g.privilege, part, object, g.grantee);
  END LOOP;
  FOR g IN
    -- In the order in which they were given: a role must hold an option before it can grant by it.
    SELECT pg_get_userbyid(w.grantor) AS grantor, format('GRANT %s%s ON %s TO %s%s', w.privilege_type, part, object,
      hedgerow.grantee_in_sql(w.grantee), CASE WHEN w.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
    FROM aclexplode(will) WITH ORDINALITY AS w (grantor, grantee, privilege_type, is_grantable, place)
    WHERE (w.grantor, w.grantee, w.privilege_type, w.is_grantable) NOT IN (SELECT * FROM aclexplode(had))
    ORDER BY w.place
  LOOP
    PERFORM hedgerow.execute_as(g.grantor, g.statement);
  END LOOP;
END
$$;

COMMENT ON FUNCTION hedgerow.restore_grants(text, name, aclitem[], aclitem[]) IS
  'Gives an object, or one column of it, exactly the wanted privileges.';

CREATE OR REPLACE FUNCTION hedgerow.grantee_in_sql(role oid) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END;
END
$$;

COMMENT ON FUNCTION hedgerow.grantee_in_sql(oid) IS 'A role as GRANT names it.';

-- Runs one statement as `role`, or as the current role where the session may not become the other.
CREATE OR REPLACE FUNCTION hedgerow.execute_as(role name, statement text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  before CONSTANT text := current_setting('role');
BEGIN
  IF role <> current_user THEN
    BEGIN
      PERFORM set_config('role', role, true);
      EXECUTE statement;
      PERFORM set_config('role', before, true);
      RETURN;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;  -- the subtransaction's end has set the role back
    END;
  END IF;
  EXECUTE statement;
END
$$;

COMMENT ON FUNCTION hedgerow.execute_as(name, text) IS
  'Runs a statement as another role where that is allowed, otherwise as the current one.';

-- Gives a relation and its columns exactly these privileges; NULL means those that its owner has by default.
CREATE OR REPLACE FUNCTION hedgerow.restore_relation_grants(rel regclass, wanted aclitem[], of_columns jsonb)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  own record;
  part record;
BEGIN
  SELECT relacl AS acl, acldefault('r', relowner) AS usual INTO own FROM pg_class WHERE oid = rel;
  PERFORM hedgerow.restore_grants(
    format('TABLE %s', rel), NULL, coalesce(own.acl, own.usual), coalesce(wanted, own.usual));
  FOR part IN SELECT c.key AS name, c.value::aclitem[] AS acl FROM jsonb_each_text(of_columns) AS c LOOP
    PERFORM hedgerow.restore_grants(format('TABLE %s', rel), part.name::name, '{}', part.acl);
  END LOOP;
END
$$;

COMMENT ON FUNCTION hedgerow.restore_relation_grants(regclass, aclitem[], jsonb) IS
  'Gives a relation and its columns exactly these privileges.';

-- Gives a function or procedure exactly these privileges; NULL means those that it has by default.
CREATE OR REPLACE FUNCTION hedgerow.restore_routine_grants(routine regprocedure, wanted aclitem[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  own record;
BEGIN
  SELECT proacl AS acl, acldefault('f', proowner) AS usual INTO own FROM pg_proc WHERE oid = routine;
  PERFORM hedgerow.restore_grants(
    format('ROUTINE %s', routine), NULL, coalesce(own.acl, own.usual), coalesce(wanted, own.usual));
END
$$;

COMMENT ON FUNCTION hedgerow.restore_routine_grants(regprocedure, aclitem[]) IS
  'Gives a function or procedure exactly these privileges.';

-- The statements that give a relation, made again, the owner and the privileges that it has now.
CREATE OR REPLACE FUNCTION hedgerow.relation_rights(rel regclass) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT ARRAY[
      format('ALTER TABLE %s OWNER TO %I', rel, pg_get_userbyid(c.relowner)),
      format('SELECT hedgerow.restore_relation_grants(%L::regclass, %L::aclitem[], %L::jsonb)', rel, c.relacl, (
        SELECT coalesce(jsonb_object_agg(a.attname, a.attacl::text), '{}')
        FROM pg_attribute AS a
        WHERE a.attrelid = rel AND a.attacl IS NOT NULL AND NOT a.attisdropped))]
    FROM pg_class AS c WHERE c.oid = rel);
END
$$;

COMMENT ON FUNCTION hedgerow.relation_rights(regclass) IS
  'Statements that give a relation, made again, the owner and privileges that it has now.';
