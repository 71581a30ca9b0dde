@testable import HogQL

/// `docs/hogql-functions.md`, made of the table of functions.
enum FunctionReference {
  struct Row {
    var name: String
    var tier: Int
    var kind: FunctionDefinition.Kind
    var status: Status
  }

  enum Status {
    case supported(call: String, sql: String)
    /// An aggregate with suffixes.
    case suffixed(base: String, [Combinator])
    /// Made by the syntax itself, such as `in`.
    case builtIn(String)
    case refused(String)
    /// In the registry and nowhere else.
    case missing
  }

  static let rows: [Row] = FunctionRegistry.entries.sorted { $0.key.lowercased() < $1.key.lowercased() }.map {
    Row(name: $0.key, tier: $0.value.tier, kind: $0.value.kind, status: status($0.key, $0.value))
  }

  private static let syntax = [
    "arrayJoin": "One row for each element: `LATERAL unnest(..)` beside the tables.",
    "in": "`x = ANY (..)`, `x IN (..)` or a subquery, with NULL as an ordinary member.",
    "notIn": "The opposite of `in`.",
    "like": "The operator LIKE: `s LIKE 'a%'`.",
    "ilike": "The operator ILIKE: `s ILIKE 'a%'`.",
    "numbers": "`generate_series(..)` as a table with the column `number`.",
    "generateSeries": "`generate_series(..)` as a table.",
  ]

  private static func status(_ name: String, _ entry: FunctionRegistry.Entry) -> Status {
    if let form = syntax[name] { return .builtIn(form) }
    guard let match = try? FunctionTable.find(name, at: Span(start: 0, end: 0)) else { return .missing }
    if case .unsupported(let reason) = match.definition.rule { return .refused(reason) }
    if let reason = withoutState(name, match) { return .refused(reason) }
    if !match.combinators.isEmpty { return .suffixed(base: match.definition.names[0], match.combinators) }
    guard let sample = SampleCalls.find(name, entry) else {
      return name == "MD5" ? .builtIn("Only inside hex: `upper(md5(s))`.") : .missing
    }
    return .supported(call: sample.call, sql: sample.sql)
  }

  /// Why no state can come to a `-Merge`: the registry has no `-State` that makes it.
  private static func withoutState(_ name: String, _ match: FunctionTable.Match) -> String? {
    if name == "avgMapState" { return "takes arrays of keys and of values here, which only sum, min and max put together." }
    guard let index = match.combinators.firstIndex(of: .merge) else { return nil }
    let inner = match.combinators[..<index].map(\.rawValue).joined()
    let states = match.definition.names.map { $0 + inner + "State" }
    let isMade = states.contains { $0 != "avgMapState" && FunctionRegistry.entries[$0] != nil }
    return isMade ? nil : "needs a state that no function of HogQL makes."
  }

  static var text: String {
    var text = head
    for (title, kinds) in [
      ("Functions of a row", [FunctionDefinition.Kind.scalar, .posthog]), ("Aggregates", [.aggregate]),
      ("Window functions", [.window]), ("Functions as tables", [.table]),
    ] {
      text += "\n## \(title)\n\n| Name | Tier | HogQL | PostgreSQL |\n| --- | --- | --- | --- |\n"
      for row in rows where kinds.contains(row.kind) { text += line(row) }
    }
    text += "\n## Aggregates with suffixes\n\n| Name | Tier | Of | Suffixes |\n| --- | --- | --- | --- |\n"
    for row in rows {
      guard case .suffixed(let base, let suffixes) = row.status else { continue }
      text += "| `\(row.name)` | \(row.tier) | `\(base)` | \(suffixes.map { "-\($0.rawValue)" }.joined(separator: ", ")) |\n"
    }
    text += "\n## Refused\n\n| Name | Tier | Reason |\n| --- | --- | --- |\n"
    for row in rows {
      guard case .refused(let reason) = row.status else { continue }
      text += "| `\(row.name)` | \(row.tier) | It \(reason) |\n"
    }
    return text
  }

  private static func line(_ row: Row) -> String {
    switch row.status {
    case .supported(let call, let sql): "| `\(row.name)` | \(row.tier) | \(code(call)) | \(code(shortened(sql))) |\n"
    case .builtIn(let form): "| `\(row.name)` | \(row.tier) | | \(form) |\n"
    case .suffixed, .refused, .missing: ""
    }
  }

  private static func code(_ text: String) -> String {
    let line = text.split(separator: "\n").joined(separator: " ").split(separator: "|", omittingEmptySubsequences: false)
    return "`" + line.joined(separator: "\\|") + "`"
  }

  private static func shortened(_ text: String) -> String { text.count > 240 ? text.prefix(238) + " …" : text }

  private static var head: String {
    let refused = rows.count { if case .refused = $0.status { true } else { false } }
    return """
      # HogQL functions

      The \(rows.count) functions of HogQL: \(rows.count - refused) work, \(refused) are refused with a reason. Names are
      written as here; upper and lower case make no difference in `count`, `sum`, `min`, `max`, `avg`, `coalesce`, `ifNull`, `isNull`,
      `nullIf`, `concat`, `length`, `lower`, `upper`, `substring`, `replace`, `trim`, `if`, `not`, `now`, `abs`, `round` and
      other names of numbers. Tier 1 is what analysts write every day, 2 is common, 3 is rare.

      Each row has a call and the SQL that it becomes, over columns `s` text, `n` integer, `x` float, `m` decimal, `t` time,
      `d` date, `b` boolean, `j` JSON and `u` UUID, none of them Nullable, in a project in UTC; functions of the schema
      `hogql` are created by `hedgerow migrate`. This file is made by the tests: run them with
      `HEDGEROW_UPDATE_DOCS=1` after a change.

      """
  }
}
