import Formats
import Rows

/// What came out of a reader: its rows' values in binary form, and the rows that were rejected.
struct BinaryTable {
  var rows: [[[UInt8]?]] = []
  var rejects: [RejectedRow] = []
  /// What stopped the reading, with the rows before it in `rows`.
  var error: FormatError?

  /// Reads all rows. Anything but a `FormatError` is thrown.
  init(_ reader: any FileRows) async throws {
    var bytes: [UInt8] = []
    var count = 0
    do {
      while let batch = try await reader.next() {
        bytes += batch.batch.bytes
        count += batch.batch.rows
        rejects += batch.rejects
      }
      guard bytes.suffix(2) == [0xFF, 0xFF] else { throw NoStream(reason: "no trailer") }
      bytes.removeLast(2)
    } catch let error as FormatError {
      self.error = error
    }
    guard !bytes.isEmpty else { return }
    guard bytes.starts(with: BinaryRows.header) else { throw NoStream(reason: "no header") }
    var at = BinaryRows.header.count
    while at < bytes.count { rows.append(Self.row(bytes, &at)) }
    guard rows.count == count else { throw NoStream(reason: "\(rows.count) rows, not \(count)") }
  }

  private static func row(_ bytes: [UInt8], _ at: inout Int) -> [[UInt8]?] {
    let fields = integer(bytes, &at, 2)
    return (0..<fields).map { _ in
      let length = integer(bytes, &at, 4)
      if length == 0xFFFF_FFFF { return nil }
      defer { at += length }
      return Array(bytes[at..<at + length])
    }
  }

  private static func integer(_ bytes: [UInt8], _ at: inout Int, _ width: Int) -> Int {
    defer { at += width }
    return bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The values as texts, for columns of text.
  var texts: [[String?]] { rows.map { $0.map { $0.map { String(decoding: $0, as: UTF8.self) } } } }
}

struct NoStream: Error {
  var reason: String
}

extension [WantedColumn] {
  /// Columns of one type, by their fields.
  static func fields(_ names: [String], _ type: ColumnType = .text) -> [WantedColumn] {
    names.map { WantedColumn(.field($0), type: type) }
  }
}

/// The rows of a CSV text, every column as text unless told otherwise.
func csv(
  _ text: String, _ names: [String], _ dialect: CSVDialect = CSVDialect(), types: [String: String] = [:],
  sizes: [Int] = [1 << 16], limits: TextLimits = TextLimits()
) async throws -> BinaryTable {
  let columns = names.map { WantedColumn(.field($0), type: ColumnType(types[$0] ?? "text")) }
  return try await BinaryTable(
    CSVRows(Pieces(text, sizes: sizes), dialect: dialect, columns: columns, limits: limits))
}

/// The rows of a JSON text.
func json(
  _ text: String, _ columns: [(String, String)], sizes: [Int] = [1 << 16], limits: TextLimits = TextLimits()
) async throws -> BinaryTable {
  let wanted = columns.map { WantedColumn(.field($0.0), type: ColumnType($0.1)) }
  return try await BinaryTable(JSONRows(Pieces(text, sizes: sizes), columns: wanted, limits: limits))
}
