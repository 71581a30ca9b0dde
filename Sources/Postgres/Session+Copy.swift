import CLibpq
import Glibc
import Rows
import SQLText

/// `COPY`, both ways. One can be under way at a time.
extension Session {
  func beginCopyOut(_ sql: SQL) throws(PostgresError) { try beginCopy(sql, PGRES_COPY_OUT) }
  func beginCopyIn(_ sql: SQL) throws(PostgresError) { try beginCopy(sql, PGRES_COPY_IN) }

  private func beginCopy(_ sql: SQL, _ wanted: ExecStatusType) throws(PostgresError) {
    let (text, parameters) = sql.statement
    precondition(parameters.isEmpty, "COPY takes no parameters: write its constants as Literal")
    guard PQsendQuery(handle, text) == 1 else { throw failure() }
    guard let result = try nextResult() else { throw failure() }
    guard PQresultStatus(result.handle) == wanted else {
      let error = failure(result)
      while !isBroken, try nextResult() != nil {}
      throw error
    }
  }

  /// The next rows, some `size` bytes of them, or nil after the last.
  ///
  /// A row is never cut: one that is larger than `size` makes a batch of its own.
  func readCopy(_ size: Int, _ stream: inout CopyStream) throws(PostgresError) -> Batch? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 8192)
    var rows = 0
    while bytes.count < size {
      var message: UnsafeMutablePointer<CChar>?
      let length = PQgetCopyData(handle, &message, 1)
      if length > 0, let message {
        let content = UnsafeRawBufferPointer(start: message, count: Int(length))
        rows += stream.rows(in: content, isFirst: stream.count + rows == 0)
        bytes.append(contentsOf: content)
        PQfreemem(message)
      } else if length == 0 {
        try wait(Int16(POLLIN))
        guard PQconsumeInput(handle) == 1 else { throw failure() }
      } else if length == -1 {
        try endCopyOut(&stream)
        break
      } else {
        throw failure()
      }
    }
    stream.count += rows
    return bytes.isEmpty ? nil : Batch(bytes: bytes, rows: rows)
  }

  private func endCopyOut(_ stream: inout CopyStream) throws(PostgresError) {
    let result = try lastResult()
    stream.isAtEnd = true
    stream.total = result.affectedRows
  }

  func write(_ bytes: [UInt8]) throws(PostgresError) {
    var start = 0
    // Messages of a size that the server's memory bears easily; their borders mean nothing.
    while start < bytes.count {
      let count = min(bytes.count - start, 1 << 20)
      try write(bytes, start, count)
      start += count
    }
  }

  private func write(_ bytes: [UInt8], _ start: Int, _ count: Int) throws(PostgresError) {
    while true {
      let sent = bytes.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) { PQputCopyData(handle, $0.baseAddress! + start, Int32(count)) }
      }
      guard sent >= 0 else { throw failureDuringCopyIn() }
      // libpq keeps what the socket would not take; we let it drain before we hand over more.
      if sent == 1 { return try flush() }
      try wait(Int16(POLLIN | POLLOUT))
      guard PQconsumeInput(handle) == 1 else { throw failure() }
    }
  }

  /// - Returns: how many rows the server took.
  func endCopyIn() throws(PostgresError) -> Int {
    while true {
      let status = PQputCopyEnd(handle, nil)
      guard status >= 0 else { throw failureDuringCopyIn() }
      if status == 1 { break }
      try flush()
    }
    return try lastResult().affectedRows
  }

  /// Ends a `COPY` so that the server keeps none of its rows. The transaction it ran in has failed.
  func abandonCopyIn() {
    guard PQputCopyEnd(handle, "the read of the source ended early") == 1 else { return }
    _ = try? lastResult()
  }

  private func failureDuringCopyIn() -> PostgresError {
    if let result = PQgetResult(handle).map({ ResultSet($0) }), PQresultStatus(result.handle) == PGRES_FATAL_ERROR {
      return failure(result)
    }
    return failure()
  }
}

/// What was read of one `COPY ... TO STDOUT` in the binary or a text format.
struct CopyStream {
  let format: CopyFormat
  /// Rows handed out so far.
  var count = 0
  /// What the server said it sent; nil until the end.
  var total: Int?
  var isAtEnd = false

  private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

  init(format: CopyFormat) { self.format = format }

  /// How many rows one message holds. The server sends a message for each row; in the binary format the
  /// header comes before the first row and the trailer after the last.
  /// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
  ///
  /// - Parameter isFirst: whether no row came before it.
  func rows(in message: UnsafeRawBufferPointer, isFirst: Bool) -> Int {
    guard format == .binary else { return 1 }
    var offset = 0
    if isFirst, message.count >= 19, message.prefix(11).elementsEqual(Self.signature) { offset = 19 }
    guard message.count >= offset + 2 else { return 0 }
    let isTrailer = message[offset] == 0xFF && message[offset + 1] == 0xFF
    return isTrailer ? 0 : 1
  }
}
