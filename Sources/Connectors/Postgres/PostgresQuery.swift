import ConnectorKit
import Rows
import SQLText

/// Writes the statements that read one table. Pure.
struct PostgresQuery: Sendable {
  var request: ReadRequest
  var table: SourceTable

  private var name: QualifiedName { QualifiedName(table.remote["namespace"] ?? "", table.remote["table"] ?? "") }

  func rows(_ slice: RowSlice) -> SQL {
    let columns = slice == .keysOnly ? table.columns.filter { table.key.contains($0.name) } : table.columns
    return copy(columns, [condition(slice)].compactMap { $0 })
  }

  /// Rows in the pages from `from` up to and without `to`. Sees the same rows as `.all` under one snapshot.
  func pages(_ from: Int64, _ to: Int64?) -> SQL {
    var conditions: [SQL] = ["ctid >= '(\(SQL(verbatim: "\(from)")),0)'::tid"]
    if let to { conditions.append("ctid < '(\(SQL(verbatim: "\(to)")),0)'::tid") }
    return copy(table.columns, conditions)
  }

  private func copy(_ columns: [SourceColumn], _ conditions: [SQL]) -> SQL {
    let list = columns.map(expression).joined(separator: ", ")
    return "COPY (SELECT \(list) FROM \(name)\(whereClause(conditions))) TO STDOUT (FORMAT binary)"
  }

  private func whereClause(_ conditions: [SQL]) -> SQL {
    let filter = request.filter.map { "(\(SQL(verbatim: $0)))" as SQL }
    let all = conditions + [filter].compactMap { $0 }
    return all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
  }

  private func expression(_ column: SourceColumn) -> SQL {
    let name = Identifier(column.name)
    switch column.reading {
    case .asItIs: return "\(name)"
    case .asText: return "\(name)::text"
    case .asTextArray: return "\(name)::text[]"
    case .asJSON: return "to_jsonb(\(name))"
    case .asBase: return "\(name)::\(SQL(verbatim: column.type))"
    }
  }

  private func condition(_ slice: RowSlice) -> SQL? {
    switch slice {
    case .all, .keysOnly: return nil
    case .since(let from, let lookback): return since(from, lookback)
    case .keys(let after, let through):
      let parts = [after.map { comparison($0, ">") }, through.map { comparison($0, "<=") }].compactMap { $0 }
      return parts.isEmpty ? nil : parts.joined(separator: " AND ")
    }
  }

  private func since(_ from: String, _ lookback: String?) -> SQL? {
    guard let column = table.columns.first(where: { $0.name == request.cursorField }) else { return nil }
    let name = Identifier(column.name)
    let type = SQL(verbatim: CursorType.literalType(column.type))
    var start: SQL = "\(Literal(from))::\(type)"
    if let lookback {
      let step = CursorType(column.type)?.isTime == true ? "interval" : "numeric" as SQL
      start = "(\(start) - \(Literal(lookback))::\(step))::\(type)"
    }
    return column.required ? "\(name) >= \(start)" : "(\(name) >= \(start) OR \(name) IS NULL)"
  }

  /// Compares the first columns of the key, as many as `key` has values.
  private func comparison(_ key: [String], _ sign: SQL) -> SQL {
    let names = table.key.prefix(key.count).map { Identifier($0) }
    let values = zip(names, key).map { name, value in "\(Literal(value))::\(type(of: name.name))" as SQL }
    return "(\(names.list)) \(sign) (\(values.joined(separator: ", ")))"
  }

  private func type(of column: String) -> SQL {
    SQL(verbatim: table.columns.first { $0.name == column }?.sourceType ?? "text")
  }

  /// The key of the row that is `rows` further on.
  func keyAt(_ rows: Int64, after key: [String]?, through end: [String]?) -> SQL {
    let names = table.key.map { Identifier($0) }
    let texts = names.map { "\($0)::text" as SQL }.joined(separator: ", ")
    let bounds = [key.map { comparison($0, ">") }, end.map { comparison($0, "<=") }].compactMap { $0 }
    return "SELECT \(texts) FROM \(name)\(whereClause(bounds)) ORDER BY \(names.list) OFFSET \(rows - 1) LIMIT 1"
  }

  /// Values of the key's first column that divide a sample of the rows evenly.
  func sampledKeys(_ column: Identifier, _ count: Int, _ percent: Double) -> SQL {
    let fractions = (1..<count).map { SQL(verbatim: "\(Double($0) / Double(count))") }.joined(separator: ", ")
    return """
      SELECT border::text AS key FROM (SELECT DISTINCT border FROM unnest((
        SELECT percentile_disc(ARRAY[\(fractions)]) WITHIN GROUP (ORDER BY \(column)) FROM \(name) TABLESAMPLE SYSTEM (\(percent)))) border
        WHERE border IS NOT NULL) borders ORDER BY borders.border
      """
  }
}
