import CLibpq

/// Owns one libpq result.
final class ResultSet {
  let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { PQclear(handle) }

  /// How many rows the statement changed or copied; 0 for one that changes none.
  var affectedRows: Int {
    Int(String(cString: PQcmdTuples(handle))) ?? 0
  }

  var rows: [Row] {
    let columns = PQnfields(handle)
    var names: [String: Int] = [:]
    for column in 0..<columns { names[String(cString: PQfname(handle, column))] = Int(column) }
    return (0..<PQntuples(handle)).map { row in
      Row(names: names, values: (0..<columns).map { value(row, $0) })
    }
  }

  /// The values of the rows alone.
  var values: [[String?]] {
    let columns = PQnfields(handle)
    return (0..<PQntuples(handle)).map { row in (0..<columns).map { value(row, $0) } }
  }

  private func value(_ row: Int32, _ column: Int32) -> String? {
    guard PQgetisnull(handle, row, column) == 0 else { return nil }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(handle, row, column), count: Int(PQgetlength(handle, row, column)))
    return String(decoding: bytes, as: UTF8.self)
  }
}
