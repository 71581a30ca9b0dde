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

/// An object, open for reading in one version.
public protocol ObjectReader: Sendable {
  /// The next bytes in order, never empty; nil at the end.
  func next() async throws -> [UInt8]?
}

/// A bucket, a container or a folder.
public protocol ObjectStore: Sendable {
  /// The objects whose key begins with `prefix`, in pages, sorted by key.
  ///
  /// - Parameter page: called for each page; returning false ends the listing.
  func list(prefix: String, page: @Sendable ([ObjectEntry]) async throws -> Bool) async throws

  /// Opens an object from a byte on, in exactly the version that the entry tells of (`If-Match`).
  func open(_ entry: ObjectEntry, from offset: Int64) async throws -> any ObjectReader

  /// Exactly these bytes of that version.
  func read(_ entry: ObjectEntry, _ range: Range<Int64>) async throws -> [UInt8]
}
