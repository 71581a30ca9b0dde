import ConnectorKit

/// Which columns of a table can be its cursor field, best first. Pure.
enum CursorChoice {
  static func candidates(of table: PostgresDiscovery.Table, _ columns: [SourceColumn]) -> [CursorCandidate] {
    columns.compactMap { column -> (score: Int, candidate: CursorCandidate)? in
      guard let family = family(of: column.type) else { return nil }
      let isIndexed = table.indexed.contains(column.number)
      let isKey = table.key == [column.name]
      let candidate = CursorCandidate(
        name: column.name, type: column.type, isIndexed: isIndexed, note: note(column, table, isIndexed))
      return (score(column, family, isIndexed: isIndexed, isKey: isKey), candidate)
    }
    .enumerated().sorted { ($0.element.score, -$0.offset) > ($1.element.score, -$1.offset) }
    .map(\.element.candidate)
  }

  enum Family { case time, date, number }

  static func family(of type: String) -> Family? {
    if type.hasPrefix("timestamp") && !type.hasSuffix("[]") { return .time }
    if type == "date" { return .date }
    let numbers = ["smallint", "integer", "bigint", "numeric"]
    return numbers.contains(type) || (type.hasPrefix("numeric(") && type.hasSuffix(")")) ? .number : nil
  }

  /// A column that is set at each change comes before one that is set once.
  private static func score(_ column: SourceColumn, _ family: Family, isIndexed: Bool, isKey: Bool) -> Int {
    let name = column.name.lowercased()
    let changes = ["updated", "modified", "changed", "last_update", "lastupdate", "mtime", "_at_update"]
    let creations = ["created", "inserted", "added", "ctime", "occurred", "logged"]
    var score = 0
    if changes.contains(where: name.contains) { score += 100 } else if creations.contains(where: name.contains) { score += 40 }
    if family == .time { score += 20 }
    if isKey && family == .number { score += 50 }
    if family == .date || column.type.hasPrefix("numeric") { score -= 10 }
    if isIndexed { score += 5 }
    if column.required { score += 2 }
    return score
  }

  private static func note(_ column: SourceColumn, _ table: PostgresDiscovery.Table, _ isIndexed: Bool) -> String? {
    if let cache = table.sequenceCaches[column.number] {
      return "its sequence hands each session \(cache) values at a time, so rows can come long after larger ones: set lookback="
    }
    return isIndexed ? nil : "no index: each sync reads the whole table at the source"
  }
}
