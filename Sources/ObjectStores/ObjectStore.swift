/// One object of a store, as a listing tells of it.
public struct ObjectEntry: Sendable, Hashable {
  /// The whole key, as the store has it, not percent-encoded.
  public var key: String
  public var size: Int64
  /// Changes with the content; nil where the store gives none.
  public var etag: String?
  /// Microseconds since 1970; nil where the store gives none.
  public var modified: Int64?

  public init(key: String, size: Int64, etag: String?, modified: Int64?) {
    self.key = key
    self.size = size
    self.etag = etag
    self.modified = modified
  }
}

/// An object, open for reading in one version. One task reads it.
public protocol ObjectReader: Sendable {
  /// The next bytes in order, never empty; nil at the end, when the object is there whole.
  ///
  /// A body that breaks off is taken up again where it was, in the same version. Throws `ObjectStoreError`, of kind
  /// `.changed` when that version is gone.
  func next() async throws -> [UInt8]?
}

/// A bucket, a container or a folder. Everything throws `ObjectStoreError`, or `CancellationError`.
public protocol ObjectStore: Sendable {
  /// The objects whose key begins with `prefix`, in pages, sorted by key (its UTF-8 bytes).
  ///
  /// What stands for a folder (an empty object whose key ends in `/`) is left out. A page may be empty.
  /// - Parameter page: called for each page; returning false ends the listing.
  func list(prefix: String, page: @Sendable ([ObjectEntry]) async throws -> Bool) async throws

  /// Opens an object from a byte on, in exactly the version that the entry tells of (`If-Match`).
  func open(_ entry: ObjectEntry, from offset: Int64) async throws -> any ObjectReader

  /// Exactly these bytes of that version.
  func read(_ entry: ObjectEntry, _ range: Range<Int64>) async throws -> [UInt8]
}

extension ObjectStore {
  /// The objects that a pattern names, in pages, sorted by key; each page is the matching part of a store's page.
  public func list(matching pattern: KeyPattern, page: @escaping @Sendable ([ObjectEntry]) async throws -> Bool)
    async throws
  {
    let goesOn = Latch()
    for prefix in pattern.prefixes where goesOn.isOpen {
      try await list(prefix: prefix) { entries in
        let matching = entries.filter { pattern.matches($0.key) }
        if try await !page(matching) { goesOn.close() }
        return goesOn.isOpen
      }
    }
  }
}
