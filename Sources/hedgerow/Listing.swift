import JSON
import Postgres
import SQLText
import Terminal

/// Rows of a view of the catalogue, as JSON that PostgreSQL wrote.
struct Listing {
  let rows: [JSONValue]

  /// - Parameter query: gives rows of any columns; their order is kept.
  init(_ query: SQL, on connection: Connection) async throws {
    rows = try await connection.query("SELECT row_to_json(r)::text AS row FROM (\(query)) r").map { row in
      try JSONValue(parsing: try row.text("row"))
    }
  }

  func printJSON() { TerminalStream.standardOutput.writeLine(JSONValue.array(rows).text(.pretty)) }

  /// - Parameter cells: what a row shows, one for each column.
  func printTable(_ columns: [TextTable.Column], empty: String, _ cells: (JSONValue) -> [TextTable.Cell]) {
    let out = TerminalStream.standardOutput
    guard !rows.isEmpty else { return out.writeLine(empty) }
    var table = TextTable(columns)
    for row in rows { table.add(cells(row)) }
    out.write(table.render(for: out))
  }
}

extension JSONValue {
  /// The text of a member, or a dash.
  func cell(_ name: String) -> TextTable.Cell {
    switch self[name] ?? .null {
    case .null: "-"
    case .string(let text): .init(text)
    case .integer(let number): .init("\(number)")
    case .bool(let flag): .init(flag ? "yes" : "no")
    case let other: .init(other.text())
    }
  }

  func count(_ name: String) -> TextTable.Cell { .init(self[name]?.integerValue.map { Readable.count($0) } ?? "-") }
  func bytes(_ name: String) -> TextTable.Cell { .init(self[name]?.integerValue.map { Readable.bytes($0) } ?? "-") }
  func seconds(_ name: String) -> Double? { self[name]?.doubleValue ?? self[name]?.integerValue.map { Double($0) } }
}

extension TextTable.Cell {
  /// A status in the colour that says how it fares.
  static func status(_ text: String) -> TextTable.Cell {
    switch text {
    case "completed": .init(text, .green)
    case "running": .init(text, .cyan)
    case "failed": .init(text, .red)
    case "retrying", "stale": .init(text, .yellow)
    default: .init(text, .dim)
    }
  }
}
