import Formats
import ObjectStores

/// A file of a bucket, as the formats read it.
struct BucketFile: Sendable {
  let store: any ObjectStore
  let entry: ObjectEntry

  /// For people.
  var name: String { store is FolderStore ? "/\(entry.key)" : entry.key }

  /// Its bytes from the beginning, unpacked.
  ///
  /// - Parameter compression: nil for what its first bytes and its name tell.
  func stream(_ compression: Compression?) async throws -> any ByteStream {
    let packed = PackedStream(try await store.open(entry, from: 0))
    let found: Compression
    if let compression { found = compression } else { found = Compression.detect(head: try await packed.peek(Compression.headLength), name: entry.key) }
    return DecompressedStream.open(packed, found)
  }

  /// The beginning, unpacked, and whether it is the whole file.
  func head(_ count: Int, _ compression: Compression?) async throws -> (bytes: [UInt8], isWhole: Bool) {
    let stream = try await stream(compression)
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let more = try await stream.next() else { return (bytes, true) }
      bytes += more
    }
    return (bytes, false)
  }

  var ranges: any ByteRanges { ObjectRanges(store: store, entry: entry) }
}

/// A stream whose beginning can be looked at before it is read.
private actor PackedStream: ByteStream {
  private let reader: any ObjectReader
  private var seen: [UInt8] = []

  init(_ reader: any ObjectReader) { self.reader = reader }

  func peek(_ count: Int) async throws -> [UInt8] {
    while seen.count < count, let more = try await reader.next() { seen += more }
    return Array(seen.prefix(count))
  }

  func next() async throws -> [UInt8]? {
    guard seen.isEmpty else {
      defer { seen = [] }
      return seen
    }
    return try await reader.next()
  }
}

private struct ObjectRanges: ByteRanges {
  let store: any ObjectStore
  let entry: ObjectEntry

  var size: Int64 { entry.size }

  func read(_ range: Range<Int64>) async throws -> [UInt8] { try await store.read(entry, range) }
}
