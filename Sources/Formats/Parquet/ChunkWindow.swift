/// Bytes of a file on their way. Whoever holds it may wait for them; when nobody does any more, the read is cancelled.
final class Fetch: Sendable {
  let range: Range<Int64>
  private let task: Task<[UInt8], any Error>

  init(_ ranges: any ByteRanges, _ range: Range<Int64>) {
    self.range = range
    task = Task { try await ranges.read(range) }
  }

  deinit { task.cancel() }

  func bytes() async throws -> [UInt8] {
    let task = task
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}

/// The part of a column chunk that is in memory.
final class ChunkWindow {
  /// The next byte to be read, in the file.
  private(set) var position: Int64
  /// Where the chunk ends, and up to where it may be read when it says too little of itself.
  let end: Int64
  let hardEnd: Int64
  /// Bytes that are fetched at once when the chunk is not fetched as a whole.
  let piece: Int64
  private var bytes: [UInt8] = []
  private var start: Int64 = 0
  /// What is on its way: the lot that this chunk is in, or its next piece.
  var upcoming: Fetch?

  init(position: Int64, end: Int64, hardEnd: Int64, piece: Int64, upcoming: Fetch?) {
    (self.position, self.end, self.hardEnd, self.piece, self.upcoming) = (position, end, hardEnd, piece, upcoming)
    start = position
  }

  /// Bytes in memory from the position on.
  var available: Int { max(0, Int(start + Int64(bytes.count) - position)) }

  func advance(_ count: Int) { position += Int64(count) }

  /// Calls `body` with what is in memory from the position on.
  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    let skipped = min(bytes.count, Int(position - start))
    return try bytes.withUnsafeBufferPointer { (all) throws(FormatError) in
      try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(all)[skipped...]))
    }
  }

  /// The range that is to be read so that `count` bytes are there; nil when they are, or when they are on their way.
  func missing(_ count: Int) -> Range<Int64>? {
    guard available < count, upcoming == nil else { return nil }
    let from = position + Int64(available)
    let to = min(hardEnd, max(position + Int64(count), min(from + piece, end)))
    return from < to ? from..<to : nil
  }

  /// Takes in bytes that begin at or before the position, or where those in memory end.
  func take(_ more: [UInt8], at place: Int64) {
    if available == 0 || place <= position {
      (bytes, start) = (more, place)
      return
    }
    var rest = Array(bytes[Int(position - start)...])
    rest.append(contentsOf: more)
    (bytes, start) = (rest, position)
  }

  /// The piece after what is in memory, to be fetched ahead; nil where that is the end.
  var nextPiece: Range<Int64>? {
    let from = max(position, start + Int64(bytes.count))
    return from < end ? from..<min(from + piece, end) : nil
  }
}
