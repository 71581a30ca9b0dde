import Synchronization

/// Bytes in pieces, handed out once.
final class Pieces: Sendable {
  private let rest: Mutex<ArraySlice<UInt8>>
  init(_ bytes: [UInt8]) { rest = Mutex(bytes[...]) }

  @Sendable func next() -> [UInt8]? {
    rest.withLock { rest in
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(65_536) }
      return Array(rest.prefix(65_536))
    }
  }
}
