public import Rows

/// Reads one kind of source. Answers three questions: are the credentials good, which schemas are there,
/// and may I have this one's rows.
public protocol Connector: Sendable {
  /// Returns when the credentials are good.
  func check() async throws -> ConnectionReport

  /// Every schema that the credentials may read.
  func discover() async throws -> [SourceSchema]

  /// Opens one schema as it is now. Its shape cannot change until the session is closed.
  ///
  /// - Throws: what `ReadRequest.refuseReplaced` and `ReadRequest.checkNames` throw, beside what the source says.
  func open(_ request: ReadRequest) async throws -> any SchemaSession

  /// Gives up what the connector holds, such as idle connections.
  func close() async
}

/// What `Connector.check` found.
public struct ConnectionReport: Sendable {
  /// What the source is, such as "PostgreSQL 15.4".
  public var server: String
  /// Sentences worth telling, such as how the connection is encrypted.
  public var notes: [String]

  public init(server: String, notes: [String]) {
    self.server = server
    self.notes = notes
  }
}

/// One schema, open for reading: its shape, its clock and its rows.
public protocol SchemaSession: Sendable {
  /// The shape that every read of this session has.
  var table: SourceTable { get }

  /// What was not yet committed at the source, seen before the session's snapshot.
  var horizon: Horizon { get }

  /// Starts reading. One read is under way at a time.
  func read(_ slice: RowSlice) async throws -> any BatchReader

  /// Readers that share the work of `.all` under one snapshot, `count` at most; fewer where the source
  /// cannot be divided.
  func readInParts(_ count: Int) async throws -> [any BatchReader]

  /// The keys that divide the rows after `key` into pieces of some `bytes`, in order; the last piece is
  /// open. Empty when the rows after `key` are one piece.
  func nextKey(after key: [String]?, through end: [String]?, bytes: Int64) async throws -> [String]?

  /// Keys that divide all rows into `count` ranges of about the same size.
  func rangeKeys(_ count: Int) async throws -> [[String]]

  /// Ends the session and lets go of its snapshot. Safe to call twice.
  func close() async
}

/// Which rows to read.
public enum RowSlice: Sendable, Equatable {
  case all
  /// Rows whose cursor field is `from` (less the lookback) or more, or NULL.
  case since(from: String, lookback: String?)
  /// Rows whose key is greater than `after` and no greater than `through`; nil is without end.
  case keys(after: [String]?, through: [String]?)
  /// The key columns of every row.
  case keysOnly
}

/// Hands out the batches of one read. Asking for the next batch is what moves it on.
public protocol BatchReader: Sendable {
  var format: CopyFormat { get }
  /// The next rows, nil after the last; throws when the read broke off.
  func next() async throws -> Batch?
}
