import HTTP

/// Reads an object to its end, and takes it up again where it broke off, in the same version.
actor ResumingReader: ObjectReader {
  private let entry: ObjectEntry
  private let reopen: @Sendable (Int64) async throws -> any HTTPBody
  private let clock: any RetryClock
  private var offset: Int64
  private var body: (any HTTPBody)?
  /// In a row, without a byte between them.
  private var failures = 0

  /// Opens an object: what is wrong with it is told now, not with the first bytes. Nothing is asked for beyond its end.
  ///
  /// - Parameter get: the body from a byte on, of the version that the entry tells of.
  static func open(
    _ entry: ObjectEntry, from offset: Int64, clock: any RetryClock, get: @escaping @Sendable (Int64) async throws -> any HTTPBody
  ) async throws -> ResumingReader {
    let first = offset < entry.size ? try await get(offset) : nil
    return ResumingReader(entry, from: min(offset, entry.size), first: first, clock: clock, reopen: get)
  }

  /// - Parameter reopen: the body from a byte on, of the version that the entry tells of.
  init(
    _ entry: ObjectEntry, from offset: Int64, first body: (any HTTPBody)?, clock: any RetryClock,
    reopen: @escaping @Sendable (Int64) async throws -> any HTTPBody
  ) {
    self.entry = entry
    self.offset = offset
    self.body = body
    self.clock = clock
    self.reopen = reopen
  }

  func next() async throws -> [UInt8]? {
    while offset < entry.size {
      do {
        let body = if let body { body } else { try await reopen(offset) }
        self.body = body
        // An orderly end before its time: the object became shorter.
        guard let bytes = try await body.next() else { throw ObjectStoreError.changed(entry.key) }
        offset += Int64(bytes.count)
        guard offset <= entry.size else { throw ObjectStoreError.changed(entry.key) }
        failures = 0
        return bytes
      } catch {
        guard let failure = error as? HTTPError else { throw error }
        body = nil
        failures += 1
        guard failure.isTransient, failures < 6 else { throw ObjectStoreError(failure, reading: entry.key) }
        try await clock.sleep(for: .milliseconds(Int(200 * Double(1 << failures) * (0.5 + clock.random() / 2))))
      }
    }
    body = nil
    return nil
  }
}
