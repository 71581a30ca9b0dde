@testable import HogQL

/// Calls that the compiler accepts, one for each function: found by trying arguments, not written down.
enum SampleCalls {
  /// The columns of the table that the calls are over.
  static let columns: [(name: String, type: HogQLType)] = [
    ("s", .string), ("n", .int), ("x", .float), ("t", .dateTime), ("d", .date), ("b", .bool), ("j", .json),
    ("m", .decimal(2)), ("u", .uuid),
  ]

  static let catalogue = QueryCatalogue(tables: [
    QueryCatalogue.Table(
      name: "samples", schema: "public", relation: "samples",
      columns: columns.map { QueryCatalogue.Column(name: $0.name, type: $0.type, isNotNull: true) })
  ])

  /// What is tried as an argument, the plainest first.
  private static let arguments = [
    "s", "n", "x", "t", "d", "b", "j", "m", "u", "[n, 2]", "['a', s]", "(n, 2)", "map('a', n)", "'day'", "1",
    "toIntervalDay(n)", "[[n, 2]]", "e -> e > 1", "(k, v) -> v > 1", "[(n, 2)]",
  ]

  /// Arguments of functions with many, or with special ones.
  private static let given: [String: String] = [
    "JSONExtract": "j, 'a', 'Int64'", "JSONExtractKeysAndValues": "j, 'Int64'", "JSON_VALUE": "s, '$.a.b'",
    "accurateCast": "s, 'Int64'", "accurateCastOrNull": "s, 'Int64'", "age": "'day', t, t",
    "arrayFold": "(a, e) -> a + e, [n, 2], 0", "arrayReduce": "'sum', [n, 2]", "dateDiff": "'day', t, t",
    "date_diff": "'day', t, t", "date_bin": "toIntervalDay(1), t, t", "defaultValueOfTypeName": "'Int64'",
    "extractAllGroups": "s, '(a)(b)'", "extractAllGroupsHorizontal": "s, '(a)(b)'",
    "extractAllGroupsVertical": "s, '(a)(b)'", "extractGroups": "s, '(a)(b)'", "ifNotFinite": "x, 1.0",
    "ilike": "s, 'a%'", "like": "s, 'a%'", "notILike": "s, 'a%'", "notLike": "s, 'a%'", "match": "s, 'a.*'",
    "extract": "s, 'a.*'", "extractAll": "s, 'a.*'", "countMatches": "s, 'a.*'", "make_interval": "0, 0, 0, n, 0, 0",
    "make_timestamp": "n, n, n, n, n, n", "make_timestamptz": "n, n, n, n, n, n, 'UTC'",
    "mapApply": "(k, v) -> (k, v + 1), map('a', n)", "mapPopulateSeries": "map(1, n), 5",
    "multiMatchAllIndices": "s, ['a', 'b']", "multiMatchAny": "s, ['a', 'b']", "multiMatchAnyIndex": "s, ['a', 'b']",
    "replaceRegexpAll": "s, 'a+', 'b'", "replaceRegexpOne": "s, 'a+', 'b'", "splitByChar": "',', s",
    "toStartOfInterval": "t, toIntervalMinute(15)", "translate": "s, 'ab', 'cd'", "translateUTF8": "s, 'ab', 'cd'",
    "tumble": "t, toIntervalDay(1)", "tumbleEnd": "t, toIntervalDay(1)", "tumbleStart": "t, toIntervalDay(1)",
    "in": "n, (1, 2)", "notIn": "n, (1, 2)", "if": "b, n, 2", "multiIf": "b, n, x > 1, 2, 3",
    "windowFunnel": "t, s = 'a', s = 'b'", "substring": "s, 2, 3", "dateTrunc": "'month', t", "date_trunc": "'month', t",
    "dateAdd": "t, toIntervalDay(n)", "dateSub": "t, toIntervalDay(n)", "position": "s, 'a'", "has": "[n, 2], 1",
    "formatDateTime": "t, '%Y-%m-%d'", "round": "x, 2", "argMax": "n, t", "argMin": "n, t",
    "transform": "n, [1, 2], ['a', 'b'], 'c'",
  ]

  /// The first call that compiles, with its SQL.
  static func find(_ name: String, _ entry: FunctionRegistry.Entry) -> (call: String, sql: String)? {
    for arguments in candidates(name, entry) {
      for parameters in entry.kind == .aggregate ? ["", "(0.5)", "(3)", "(3600)"] : [""] {
        let call = "\(name)\(parameters)(\(arguments))"
        let over = entry.kind == .window ? " over (order by n)" : ""
        if let sql = sql(of: call + over) { return (call + over, sql) }
      }
    }
    return nil
  }

  private static func candidates(_ name: String, _ entry: FunctionRegistry.Entry) -> [String] {
    if let given = given[name] { return [given] }
    let counts = entry.arguments.lowerBound...min(entry.arguments.upperBound, max(entry.arguments.lowerBound, 3))
    return counts.flatMap { count in lists(count).map { $0.joined(separator: ", ") } }
  }

  /// All lists of so many arguments; longer ones of the plainest only.
  private static func lists(_ count: Int) -> [[String]] {
    let choices = count < 3 ? arguments : count == 3 ? ["s", "n", "x", "t", "[n, 2]", "b"] : ["n", "s", "x"]
    guard count < 6 else { return [] }
    return (0..<count).reduce([[]]) { lists, _ in lists.flatMap { list in choices.map { list + [$0] } } }
  }

  static func sql(of call: String) -> String? {
    let options = CompileOptions(defaultLimit: nil, collationIsC: true)
    guard let sql = try? compile("select \(call) as r from samples", catalogue: catalogue, options: options).sql,
      sql.hasPrefix("SELECT "), let end = sql.firstRange(of: " AS \"r\" FROM")
    else { return nil }
    var item = String(sql[sql.index(sql.startIndex, offsetBy: 7)..<end.lowerBound])
    for column in columns {
      let parts = item.split(separator: "\"samples\".\"\(column.name)\"", omittingEmptySubsequences: false)
      item = parts.joined(separator: column.name)
    }
    return item
  }
}
