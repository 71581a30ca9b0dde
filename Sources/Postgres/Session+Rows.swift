import CLibpq
import SQLText

/// Rows as they come, so that an answer of any size takes the memory of a few.
extension Session {
  func beginRows(_ sql: SQL) throws(PostgresError) {
    let (text, parameters) = sql.statement
    try send(text, parameters)
    guard PQsetSingleRowMode(handle) == 1 else { throw failure() }
  }

  /// - Returns: `limit` rows, fewer at the end, nil after it.
  func readRows(_ limit: Int) throws(PostgresError) -> [[String?]]? {
    guard isActive else { return nil }
    var rows: [[String?]] = []
    while rows.count < limit, let result = try nextResult() {
      switch PQresultStatus(result.handle) {
      case PGRES_SINGLE_TUPLE: rows += result.values
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK: continue
      default:
        let error = failure(result)
        while !isBroken, try nextResult() != nil {}
        throw error
      }
    }
    return rows.isEmpty ? nil : rows
  }
}
