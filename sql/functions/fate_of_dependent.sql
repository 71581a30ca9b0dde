-- What becomes of each object that depends on columns whose types change.

-- `parents` are the relations whose indexes, constraints and defaults are seen to by whoever changes them; `in_place`
-- are those among them that are altered rather than made again.
--   kept       the server, or the rebuilding of the parent, sees to it
--   recreated  it is dropped before the change and made again after it
--   refused    neither is possible
CREATE OR REPLACE FUNCTION hedgerow.fate_of_dependent(of_class oid, of_object oid, parents oid[], in_place oid[])
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  home CONSTANT oid := hedgerow.relation_of(of_class, of_object);
BEGIN
  IF hedgerow.is_part_of(of_class, of_object, parents) THEN
    -- A default that depends on another column is a generated column's, which the server does not rebuild.
    RETURN CASE WHEN of_class = 'pg_attrdef'::regclass AND home = ANY (in_place) THEN 'refused' ELSE 'kept' END;
  END IF;
  CASE of_class
    WHEN 'pg_class'::regclass THEN
      RETURN hedgerow.fate_of_relation(home, in_place);
    WHEN 'pg_constraint'::regclass THEN
      RETURN (
        SELECT CASE
          WHEN contype <> 'f' THEN 'refused'
          WHEN conrelid = ANY (in_place) OR confrelid = ANY (in_place) THEN 'kept'
          ELSE 'recreated' END
        FROM pg_constraint WHERE oid = of_object);
    WHEN 'pg_statistic_ext'::regclass THEN
      RETURN CASE WHEN home = ANY (in_place) THEN 'kept' ELSE 'recreated' END;
    WHEN 'pg_proc'::regclass THEN
      RETURN (
        SELECT CASE WHEN prokind IN ('f', 'p') THEN 'recreated' ELSE 'refused' END FROM pg_proc WHERE oid = of_object);
    WHEN 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_publication_rel'::regclass THEN
      RETURN 'recreated';
    ELSE
      RETURN 'refused';
  END CASE;
END
$$;

COMMENT ON FUNCTION hedgerow.fate_of_dependent(oid, oid, oid[], oid[]) IS
  'Whether a dependent is kept, recreated or refused while the types of columns change.';

-- The fate of a view or materialised view (or of its indexes), a sequence, or a table with a column of a row type.
CREATE OR REPLACE FUNCTION hedgerow.fate_of_relation(rel oid, in_place oid[]) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT CASE
      WHEN pg_is_other_temp_schema(c.relnamespace) THEN 'refused'
      WHEN c.relkind IN ('v', 'm') THEN 'recreated'
      WHEN c.relkind <> 'S' THEN 'refused'
      WHEN d.refobjid = ANY (in_place) THEN 'kept'
      WHEN d.deptype = 'a' THEN 'recreated'
      -- An identity column's sequence cannot be cut loose.
      ELSE 'refused'
    END
    FROM pg_class AS c
    LEFT JOIN pg_depend AS d
      ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    WHERE c.oid = rel);
END
$$;

COMMENT ON FUNCTION hedgerow.fate_of_relation(oid, oid[]) IS
  'Whether a view, sequence or other relation is kept, recreated or refused while the types of columns change.';
