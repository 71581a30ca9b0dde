import Testing

@testable import HogQL

/// Queries and the trees that they mean.
@Suite struct QueryParserTests {
  @Test(arguments: [
    ("select 1;", "select 1"),
    ("select distinct a, b, from t", "select distinct a, b from t"),
    ("select a b, c as 'd', e: f from t", "select (a as b), (c as d), (f as e) from t"),
    ("select order from t", "select order from t"),
    ("select *, t.*, a.b.*", "select *, t.*, a.b.*"),
    ("select * exclude (a, b) from t", "select * without (a, b) from t"),
    ("select columns('x.*'), t.columns(a, b)", "select * matching 'x.*', t.* of (a, b)"),
    (
      "select columns(* exclude (a) replace (b + 1 as b)) from t",
      "select * without (a) with ((b add 1) as b) from t"
    ),
    ("select (* replace (a as b)) from t", "select * with (a as b) from t"),
    ("select 1 from t array join a as b, c as d", "select 1 from t innerArray a as b, c as d"),
    ("select 1 from t left array join [1] as x", "select 1 from t leftArray [1] as x"),
    ("select 1 from t prewhere a where b", "select 1 from t prewhere a where b"),
    ("select 1 from t group by a, 2 having c qualify d", "select 1 from t having c qualify d group a, 2"),
    ("select 1 from t group by all", "select 1 from t group all"),
    ("select 1 from t group by rollup(a, b)", "select 1 from t group rollup(a, b)"),
    ("select 1 from t group by a with cube with totals", "select 1 from t group cube(a) totals"),
    ("select 1 from t group by grouping sets ((a, b), (c), ())", "select 1 from t group sets (a, b) (c) ()"),
    (
      "select f() over w from t window w as (partition by a), v as ()",
      "select f() over w from t window w window v"
    ),
    (
      "select 1 from t order by a desc nulls first, b ascending collate 'x'",
      "select 1 from t order a desc nullsFirst, b collate x"
    ),
    (
      "select 1 from t order by a with fill from 1 to 5 step 2 interpolate (b as b + 1, c)",
      "select 1 from t order a fill 1 5 2 interpolate(b=(b add 1), c=-)"
    ),
    ("with 5 as n, t as (select 1), select n from t", "with n = 5, t = (select 1) select n from t"),
    (
      "with recursive t (a, b) as not materialized (select 1) select 2",
      "with recursive t(a, b) notMaterialized = (select 1) select 2"
    ),
    ("with x -> x + 1 as f select f(1)", "with f = lambda(x -> (x add 1)) select f(1)"),
    ("with a as (select 1), (select 2)", "with a = (select 1) (select 2)"),
    ("with a as (select 1) (select 2)", "with a = (select 1) (select 2)"),
  ])
  func `clauses of a select`(text: String, tree: String) throws {
    #expect(treeText(try Parser.parse(text)) == tree)
  }

  @Test(arguments: [
    ("select 1 limit 3, 2", "select 1 limit 3 offset 2"),
    ("select 1 limit 3 offset 2", "select 1 limit 3 offset 2"),
    ("select 1 limit 1, 2 by a, b", "select 1 limit 2 offset 1 by a, b"),
    ("select 1 limit 1 offset 2 by a limit 5 offset 6", "select 1 limit 1 offset 2 by a limit 5 offset 6"),
    ("select 1 limit 10%", "select 1 limit 10%"),
    ("select 1 limit 5 % 2", "select 1 limit (5 modulo 2)"),
    ("select 1 limit 1 with ties offset 2", "select 1 limit 1 offset 2 ties"),
    ("select 1 offset 3 limit 2", "select 1 limit 2 offset 3"),
    ("select 1 offset 3", "select 1 offset 3"),
  ])
  func `limits`(text: String, tree: String) throws {
    #expect(treeText(try Parser.parse(text)) == tree)
  }

  @Test(arguments: [
    ("select 1 from a.b.c as d (x, y)", "select 1 from a.b.c as d(x, y)"),
    ("select 1 from numbers(1, 10) n", "select 1 from numbers(1, 10) as n"),
    ("select 1 from {t} x", "select 1 from {t} as x"),
    ("select 1 from t final sample 0.1 offset 0.5", "select 1 from t final sample 0.1f offset 0.5f"),
    ("select 1 from (select 1) x, u", "select 1 from (select 1) as x comma u"),
    (
      "select 1 from (values (1, 'a'), (2, 'b')) as v (x, y)",
      "select 1 from (values (1, 'a') (2, 'b')) as v(x, y)"
    ),
    (
      "select 1 from a join b on 1 left join c using x, y",
      "select 1 from a inner b on 1 left c using (x, y)"
    ),
    ("select 1 from a cross join b full outer join c using (x)", "select 1 from a cross b full c using (x)"),
    (
      "select 1 from a any left join b on 1 left any join c on 2",
      "select 1 from a any left b on 1 any left c on 2"
    ),
    (
      "select 1 from a semi join b on 1 right anti join c on 2",
      "select 1 from a semi left b on 1 anti right c on 2"
    ),
    (
      "select 1 from a asof join b on x >= y all join c on 1",
      "select 1 from a asof inner b on (x greaterOrEqual y) all inner c on 1"
    ),
    (
      "select 1 from a natural join b positional join c",
      "select 1 from a natural inner b positional inner c"
    ),
    ("select 1 from a join (b join c on 1) on 2", "select 1 from a inner (b inner c on 1) on 2"),
    (
      "select 1 from ((select 1) union all (select 2)) x",
      "select 1 from ((select 1) unionAll (select 2)) as x"
    ),
    ("select 1 from ((a))", "select 1 from a"),
  ])
  func `tables and joins`(text: String, tree: String) throws {
    #expect(treeText(try Parser.parse(text)) == tree)
  }

  @Test(arguments: [
    ("select 1 union select 2 union all select 3", "select 1 unionDistinct select 2 unionAll select 3"),
    ("select 1 union distinct by name select 2", "select 1 unionDistinct byName select 2"),
    ("select 1 except select 2 except all select 3", "select 1 exceptAll select 2 exceptAll select 3"),
    (
      "select 1 intersect distinct select 2 intersect select 3",
      "select 1 intersectDistinct select 2 intersectAll select 3"
    ),
    (
      "select 1 union all select 2 intersect select 3 intersect distinct select 4 except select 5",
      "select 1 unionAll (select 2 intersectAll select 3 intersectDistinct select 4) exceptAll select 5"
    ),
    ("select 1 intersect select 2 union all select 3", "(select 1 intersectAll select 2) unionAll select 3"),
    ("select 1 union all select 2 order by a limit 1", "select 1 unionAll select 2 order a limit 1"),
    ("(select 1 union all select 2) order by a limit 1", "(select 1 unionAll select 2) ORDER a limit 1"),
    ("select 1 union all (select 2 order by a) limit 1", "select 1 unionAll (select 2 order a) limit 1"),
    ("{x} union all {y}", "{x} unionAll {y}"),
    ("(select 1)", "select 1"),
    ("((select 1)) limit 1", "(select 1) limit 1"),
    (
      "with a as (select 1) (select 2 union all select 3) limit 4",
      "with a = (select 1) (select 2 unionAll select 3) limit 4"
    ),
  ])
  func `set operations`(text: String, tree: String) throws {
    #expect(treeText(try Parser.parse(text)) == tree)
  }
}
