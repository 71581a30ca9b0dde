import Formats
import JSON
import Rows
import Testing

/// A table's files: those of a folder of the data, changed as a test needs it.
struct FolderFiles: TableFiles {
  var files: [String: [UInt8]] = [:]

  init() {}

  /// - Parameter folder: within the data, such as `delta/append`.
  init(_ folder: String) throws {
    for path in try LakeData.files(under: folder) { files[path] = try LakeData.bytes("\(folder)/\(path)") }
  }

  func list(_ folder: String, from start: String) -> [String] {
    files.keys.filter { $0.hasPrefix("\(folder)/") && $0 >= start }
  }

  func open(_ path: String) -> (any ByteRanges)? { files[path].map { BytesInMemory(bytes: $0) } }

  mutating func write(_ path: String, _ text: String) { files[path] = Array(text.utf8) }
}

struct BytesInMemory: ByteRanges {
  let bytes: [UInt8]
  var size: Int64 { Int64(bytes.count) }

  func read(_ range: Range<Int64>) throws -> [UInt8] { Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]) }
}

/// Asserts that a table's rows are those of a file of expected values, in any order.
func expectRows(
  _ rows: [[JSONValue]], _ columns: [FileColumn], _ path: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = try LakeData.lines(path)
  #expect(rows.count == expected.count, sourceLocation: sourceLocation)
  let sorted = rows.sorted { ($0[0].integerValue ?? 0) < ($1[0].integerValue ?? 0) }
  for (row, promised) in zip(sorted, expected) {
    #expect(promised.members?.map(\.key) == columns.map(\.name), sourceLocation: sourceLocation)
    for (column, value) in zip(columns, row) {
      let wanted = promised[column.name] ?? .null
      #expect(isSame(value, wanted), "\(column.name): \(value) is not \(wanted)", sourceLocation: sourceLocation)
    }
  }
}

/// Asserts that reading fails with an error that says all of these things.
func expectRefusal(
  saying parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
  do {
    try await body()
    Issue.record("it was not refused", sourceLocation: sourceLocation)
  } catch let error as FormatError {
    for part in parts { #expect(error.message.contains(part), "\(error)", sourceLocation: sourceLocation) }
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}
