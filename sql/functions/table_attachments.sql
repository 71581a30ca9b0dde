-- The statements that make again what hangs on a table: policies, triggers, rules, membership in publications.

-- No statement where a trigger or rule fires as usual.
CREATE OR REPLACE FUNCTION hedgerow.firing_statement(rel regclass, kind text, name name, enabled "char")
RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE WHEN enabled <> 'O' THEN ARRAY[format('ALTER TABLE %s %s %s %I', rel,
    CASE enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, kind, name)] END;
END
$$;

COMMENT ON FUNCTION hedgerow.firing_statement(regclass, text, name, "char") IS
  'The statement that disables a trigger or rule, or says when it fires, where that is not as usual.';

CREATE OR REPLACE FUNCTION hedgerow.policy_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[concat(
        format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', p.polname, p.polrelid::regclass,
          CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
          CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
            ELSE 'ALL' END,
          (SELECT string_agg(hedgerow.grantee_in_sql(r), ', ') FROM unnest(p.polroles) AS r)),
        ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')]
      || hedgerow.object_notes('pg_policy'::regclass, of_object)
    FROM pg_policy AS p WHERE p.oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.policy_definition(oid) IS 'Statements that make a policy again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.trigger_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[pg_get_triggerdef(oid)]
      || hedgerow.firing_statement(tgrelid, 'TRIGGER', tgname, tgenabled)
      || hedgerow.object_notes('pg_trigger'::regclass, of_object)
    FROM pg_trigger WHERE oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.trigger_definition(oid) IS 'Statements that make a trigger again, as it is now.';

CREATE OR REPLACE FUNCTION hedgerow.rule_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT
      ARRAY[rtrim(pg_get_ruledef(oid), ';')]
      || hedgerow.firing_statement(ev_class, 'RULE', rulename, ev_enabled)
      || hedgerow.object_notes('pg_rewrite'::regclass, of_object)
    FROM pg_rewrite WHERE oid = of_object);
END
$$;

COMMENT ON FUNCTION hedgerow.rule_definition(oid) IS 'Statements that make a rule again, as it is now.';

-- A table's place in a publication, with its columns and rows (PostgreSQL 15 and later).
CREATE OR REPLACE FUNCTION hedgerow.publication_definition(of_object oid) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  publication name;
  rel regclass;
  columns text;
  filter text;
BEGIN
  SELECT p.pubname, r.prrelid INTO publication, rel
  FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
  WHERE r.oid = of_object;
  IF current_setting('server_version_num')::integer >= 150000 THEN
    EXECUTE $sql$
      SELECT
        (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
         FROM pg_attribute AS a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)),
        ' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')'
      FROM pg_publication_rel AS r WHERE r.oid = $1
    $sql$ INTO columns, filter USING of_object;
  END IF;
  RETURN ARRAY[concat(format('ALTER PUBLICATION %I ADD TABLE %s', publication, rel), columns, filter)];
END
$$;

COMMENT ON FUNCTION hedgerow.publication_definition(oid) IS
  'The statement that puts a table into a publication again, with its columns and rows.';
