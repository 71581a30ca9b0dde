import ArgumentParser
import HogQL
import JSON
import Service
import Terminal

/// How an answer is written.
enum QueryFormat: String, CaseIterable, ExpressibleByArgument {
  /// Aligned columns, for a person.
  case table
  case csv
  /// One object with columns, their types and the rows.
  case json
  /// An object a line, its members named as the columns.
  case jsonl

  func writer(_ columns: QueryColumns, _ out: TerminalStream) -> any QueryWriter {
    switch self {
    case .table: TableWriter(columns, out)
    case .csv: CSVWriter(columns, out)
    case .json: JSONRowsWriter(columns, out)
    case .jsonl: JSONLinesWriter(columns, out)
    }
  }
}

/// The columns of an answer.
struct QueryColumns: Sendable {
  let names: [String]
  let types: [HogQLType]

  init(_ query: CompiledQuery) {
    names = query.columns.map(\.name)
    types = query.columns.map(\.type)
  }

  func json(_ row: [String?]) -> [JSONValue] { zip(row, types).map { ResultValue.json($0, $1) } }
}

/// Takes the rows of one answer as they come.
protocol QueryWriter: AnyObject {
  func begin()
  func write(_ rows: [[String?]])
  func end()
}

/// Holds all rows, since the longest value makes a column's width.
private final class TableWriter: QueryWriter {
  let columns: QueryColumns
  let out: TerminalStream
  var table: TextTable
  var count = 0

  init(_ columns: QueryColumns, _ out: TerminalStream) {
    self.columns = columns
    self.out = out
    table = TextTable(
      zip(columns.names, columns.types).map { .init($0, $1.isNumber ? .right : .left, isFlexible: !$1.isNumber && !$1.isTemporal) })
  }

  func begin() {}

  func write(_ rows: [[String?]]) {
    for row in rows {
      table.add(zip(row, columns.types).map { value, type in
        ResultValue.text(value, type).map { TextTable.Cell($0) } ?? .init("NULL", .dim)
      })
    }
    count += rows.count
  }

  func end() {
    out.write(table.render(for: out))
    if out.isTerminal { out.writeLine(out.style.dim("(\(count) row\(count == 1 ? "" : "s"))")) }
  }
}

/// RFC 4180 with a header. NULL is an empty field, an empty text one in quotes.
private final class CSVWriter: QueryWriter {
  let columns: QueryColumns
  let out: TerminalStream

  init(_ columns: QueryColumns, _ out: TerminalStream) {
    self.columns = columns
    self.out = out
  }

  func begin() { out.write(columns.names.map(Self.field).joined(separator: ",") + "\r\n") }

  func write(_ rows: [[String?]]) {
    var text = ""
    for row in rows {
      for (index, (value, type)) in zip(row, columns.types).enumerated() {
        if index > 0 { text += "," }
        if let value = ResultValue.text(value, type) { text += Self.field(value) }
      }
      text += "\r\n"
    }
    out.write(text)
  }

  func end() {}

  private static func field(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 != 0x22 && $0 != 0x2C && $0 != 0x0A && $0 != 0x0D }
    if isPlain { return text }
    var quoted: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 { quoted.append(byte) }
      quoted.append(byte)
    }
    return String(decoding: quoted + [0x22], as: UTF8.self)
  }
}

private final class JSONRowsWriter: QueryWriter {
  let columns: QueryColumns
  let out: TerminalStream
  private var isFirst = true

  init(_ columns: QueryColumns, _ out: TerminalStream) {
    self.columns = columns
    self.out = out
  }

  func begin() {
    let names = JSONValue.array(columns.names.map { .string($0) })
    let types = JSONValue.array(columns.types.map { .string($0.clickHouseName) })
    out.write("{\"columns\":\(names.text()),\n \"types\":\(types.text()),\n \"rows\":[")
  }

  func write(_ rows: [[String?]]) {
    var text = ""
    for row in rows {
      text += (isFirst ? "\n  " : ",\n  ") + JSONValue.array(columns.json(row)).text()
      isFirst = false
    }
    out.write(text)
  }

  func end() { out.write(isFirst ? "]}\n" : "\n]}\n") }
}

private final class JSONLinesWriter: QueryWriter {
  let columns: QueryColumns
  let out: TerminalStream

  init(_ columns: QueryColumns, _ out: TerminalStream) {
    self.columns = columns
    self.out = out
  }

  func begin() {}

  func write(_ rows: [[String?]]) {
    var text = ""
    for row in rows {
      let members = zip(columns.names, columns.json(row)).map { (key: $0, value: $1) }
      text += JSONValue.object(members).text() + "\n"
    }
    out.write(text)
  }

  func end() {}
}
