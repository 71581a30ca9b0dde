/// The header and the blocks of an Avro file, taken from a stream one after the other.
///
/// Format: Avro 1.11, "Object Container Files".
actor AvroBlocks {
  /// A run of rows, as they are compressed.
  struct Block: Sendable {
    var rows: Int64
    var bytes: [UInt8]
    /// Where it begins in the file.
    var offset: Int64
  }

  private let stream: any ByteStream
  private var buffer: [UInt8] = []
  private var used = 0
  private var isAtEnd = false
  /// Where the buffer's first byte stands in the file.
  private var base: Int64 = 0
  private var sync: [UInt8] = []

  private static let magic = Array("Obj\u{1}".utf8)
  private static let headerLimit = 16 << 20

  init(_ stream: any ByteStream) { self.stream = stream }

  private var offset: Int64 { base + Int64(used) }

  /// What the header says, by its keys. Called once, before the blocks.
  func header() async throws -> [String: [UInt8]] {
    try await fill(4)
    guard buffer.starts(with: Self.magic) else {
      if buffer.isEmpty {
        throw FormatError(.truncated, "the file is empty", hint: "An Avro file has a header even without rows.")
      }
      throw FormatError(.corrupt, "the file does not begin as an Avro file does", offset: 0)
    }
    used = 4
    var metadata: [String: [UInt8]] = [:]
    var size = 0
    while true {
      let count = try await long()
      if count == 0 { break }
      if count < 0 { _ = try await long() }
      guard count > .min else { throw brokenHeader() }
      for _ in 0..<abs(count) {
        let key = try await string(&size)
        metadata[String(decoding: key, as: UTF8.self)] = try await string(&size)
      }
    }
    sync = try await take(16)
    return metadata
  }

  /// The next block; nil at the file's end.
  func next(limit: Int) async throws -> Block? {
    try await fill(1)
    if used == buffer.count { return nil }
    let start = offset
    let rows = try await long()
    let size = try await long()
    guard rows >= 0, size >= 0 else {
      throw FormatError(.corrupt, "a block has \(rows) rows in \(size) bytes", offset: start)
    }
    guard size <= Int64(limit) else { throw Self.tooLarge(limit, at: start) }
    let bytes = try await take(Int(size))
    let mark = offset
    guard try await take(16) == sync else {
      throw FormatError(.corrupt, "the mark after a block is not the one that the header names", offset: mark)
    }
    return Block(rows: rows, bytes: bytes, offset: start)
  }

  static func tooLarge(_ limit: Int, at offset: Int64) -> FormatError {
    FormatError(
      .tooLarge, "a block has more than \(limit >> 20) MB",
      hint: "Write the file with smaller blocks (a sync interval of a few MB).",
      offset: offset)
  }

  private func brokenHeader() -> FormatError {
    FormatError(.corrupt, "the header's list of properties is broken", offset: offset)
  }

  private func string(_ total: inout Int) async throws -> [UInt8] {
    let length = try await long()
    guard length >= 0 else { throw brokenHeader() }
    guard length <= Int64(Self.headerLimit - total) else {
      throw FormatError(.tooLarge, "the header has more than \(Self.headerLimit >> 20) MB", offset: offset)
    }
    total += Int(length) + 1
    return try await take(Int(length))
  }

  private func long() async throws -> Int64 {
    try await fill(10)
    let outcome: Result<(Int64, Int), FormatError> = buffer.withUnsafeBytes { bytes in
      var cursor = AvroCursor(UnsafeRawBufferPointer(rebasing: bytes[used...].prefix(10)))
      do throws(FormatError) { return .success((try cursor.long(), cursor.offset)) } catch { return .failure(error) }
    }
    do throws(FormatError) {
      let (value, length) = try outcome.get()
      used += length
      return value
    } catch {
      if buffer.count - used < 10 { throw truncated() }
      throw FormatError(error.kind, error.message, offset: offset)
    }
  }

  private func take(_ count: Int) async throws -> [UInt8] {
    try await fill(count)
    guard buffer.count - used >= count else { throw truncated() }
    defer { used += count }
    return Array(buffer[used..<used + count])
  }

  private func truncated() -> FormatError {
    FormatError(
      .truncated, "the file ends in the middle of a block or of its header", hint: "It must be uploaded again.",
      offset: base + Int64(buffer.count))
  }

  /// Has at least so many bytes in the buffer, fewer only at the file's end.
  private func fill(_ count: Int) async throws {
    guard buffer.count - used < count, !isAtEnd else { return }
    base += Int64(used)
    buffer.removeFirst(used)
    used = 0
    while buffer.count < count {
      guard let more = try await stream.next() else {
        isAtEnd = true
        return
      }
      buffer += more
    }
  }
}
