import Blocking
public import Rows
public import SQLText

/// A session with a server. Calls wait on a thread of the connection's own; a cancelled task cancels its
/// statement at the server.
public actor Connection {
  private nonisolated let executor: ThreadExecutor
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let session: Session
  private nonisolated let canceller: Canceller
  /// `major * 10000 + minor`, as libpq gives it.
  public nonisolated let serverVersion: Int
  public nonisolated let usesTLS: Bool
  public nonisolated let isPooled: Bool
  public nonisolated let backendPID: Int32
  private var outgoing: CopyStream?

  private init(_ session: consuming sending Session, _ executor: ThreadExecutor) {
    self.executor = executor
    serverVersion = session.serverVersion
    usesTLS = session.usesTLS
    isPooled = session.isPooled
    backendPID = session.backendPID
    canceller = Canceller(session.handle)
    self.session = session
  }

  /// Opens a session and gives it the settings that make values read the same everywhere.
  public static func open(
    _ parameters: ConnectionParameters, applicationName: String = "hedgerow",
    silenceLimit: Duration = .seconds(30), settings: [(name: String, value: String)] = []
  ) async throws(PostgresError) -> Connection {
    let opener = Opener()
    return try await opener.open(
      parameters.withDefaults(applicationName: applicationName), silenceLimit, exactSettings + settings)
  }

  /// Values must not depend on a role's or a database's settings.
  private static let exactSettings: [(name: String, value: String)] = [
    ("datestyle", "ISO, YMD"), ("intervalstyle", "postgres"), ("timezone", "UTC"), ("extra_float_digits", "1"),
    ("bytea_output", "hex"), ("standard_conforming_strings", "on"), ("search_path", "pg_catalog"),
    ("lock_timeout", "0"), ("xmloption", "content"), ("quote_all_identifiers", "off"),
  ]

  private actor Opener {
    private nonisolated let executor = ThreadExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func open(
      _ parameters: ConnectionParameters, _ silenceLimit: Duration, _ settings: [(name: String, value: String)]
    ) throws(PostgresError) -> Connection {
      let session = try Session(parameters, silenceLimit: silenceLimit)
      let list = settings.map { "set_config(\(Literal($0.name)), \(Literal($0.value)), false)" as SQL }
      let first = try session.query(
        "SELECT pg_backend_pid() AS pid, " + list.joined(separator: ", "))
      session.isPooled = first.first?.integer("pid") != Int64(session.backendPID)
      return Connection(session, executor)
    }
  }

  /// Whether it is of no more use: the session broke, or a cancel is on its way that may end any statement to come.
  public var isBroken: Bool { session.isBroken || canceller.isOverdue }
  /// Whether the next statement can be sent: nothing is under way, and no transaction is open.
  public var isIdle: Bool { !isBroken && !session.isInTransaction }

  // MARK: Statements

  public func query(_ sql: SQL) async throws(PostgresError) -> [Row] {
    try await cancellable { session throws(PostgresError) in try session.query(sql) }
  }

  /// - Returns: how many rows the statement changed.
  @discardableResult
  public func execute(_ sql: SQL) async throws(PostgresError) -> Int {
    try await cancellable { session throws(PostgresError) in try session.run(sql).affectedRows }
  }

  /// Sends a query whose rows are read piece by piece. Until the last is read the connection can do nothing else.
  public func beginRows(_ sql: SQL) async throws(PostgresError) {
    try await cancellable { session throws(PostgresError) in try session.beginRows(sql) }
  }

  /// The next rows, `limit` at most and each value as PostgreSQL's text; nil after the last.
  public func readRows(_ limit: Int) async throws(PostgresError) -> [[String?]]? {
    try await cancellable { session throws(PostgresError) in try session.readRows(limit) }
  }

  /// Runs a file of several statements.
  public func script(_ text: String) async throws(PostgresError) {
    try await cancellable { session throws(PostgresError) in try session.script(text) }
  }

  /// Waits until another session notifies this one, which has said `LISTEN`, for so long at most. A cancelled task
  /// ends the wait.
  ///
  /// - Returns: whether it was notified.
  public func awaitNotification(_ limit: Duration) async throws(PostgresError) -> Bool {
    try session.awaitNotification(limit)
  }

  public func transaction<Result: Sendable>(
    _ body: @Sendable (borrowing Transaction) throws -> Result
  ) async throws -> Result {
    try await begin()
    do {
      let result = try body(Transaction(session: session))
      try await commit()
      return result
    } catch {
      rollback()
      throw error
    }
  }

  public func begin(_ characteristics: SQL = "") async throws(PostgresError) {
    try await execute("BEGIN " + characteristics)
  }

  public func commit() async throws(PostgresError) {
    do { try await execute("COMMIT") } catch {
      throw error.kind == .cancelled ? PostgresError(.connectionLost, error.message) : error
    }
  }

  /// Never throws: a session that cannot roll back is broken, and the server rolls back by itself.
  public func rollback() {
    guard !isBroken, session.isInTransaction else { return }
    // A COPY that was left in the middle: what is still to come would have to be read first.
    if session.isActive { canceller.cancel() }
    guard !canceller.isOverdue else { return }
    session.discard()
    _ = try? session.run("ROLLBACK")
  }

  // MARK: COPY

  /// Starts reading. Until the last batch is read the connection can do nothing else.
  public func beginCopyOut(_ sql: SQL, format: CopyFormat) async throws(PostgresError) {
    outgoing = CopyStream(format: format)
    try await cancellable { session throws(PostgresError) in try session.beginCopyOut(sql) }
  }

  /// Some `size` bytes of rows, or nil after the last.
  ///
  /// - Throws: `.unexpected`, when the server counted other rows than came.
  public func readCopy(size: Int) async throws(PostgresError) -> Batch? {
    guard var stream = outgoing, !stream.isAtEnd else { return nil }
    let batch = try await cancellable { session throws(PostgresError) in try session.readCopy(size, &stream) }
    outgoing = stream
    if let total = stream.total, total != stream.count {
      throw PostgresError(.unexpected, "the server says it sent \(total) rows, and \(stream.count) came")
    }
    return batch
  }

  public func beginCopyIn(_ sql: SQL) async throws(PostgresError) {
    try await cancellable { session throws(PostgresError) in try session.beginCopyIn(sql) }
  }

  public func write(_ batch: Batch) async throws(PostgresError) {
    try await cancellable { session throws(PostgresError) in try session.write(batch.bytes) }
  }

  /// - Returns: how many rows the server took.
  public func endCopyIn() async throws(PostgresError) -> Int {
    try await cancellable { session throws(PostgresError) in try session.endCopyIn() }
  }

  public func abandonCopyIn() { session.abandonCopyIn() }

  /// Ends whatever the connection does, from outside.
  public nonisolated func cancel() { canceller.cancel() }

  private func cancellable<Result: Sendable>(
    _ body: (Session) throws(PostgresError) -> Result
  ) async throws(PostgresError) -> Result {
    if Task.isCancelled { throw PostgresError(.cancelled, "cancelled before the statement was sent") }
    if canceller.isOverdue {
      throw PostgresError(.connectionLost, "the session is given up: the server has not answered the request to cancel its last statement")
    }
    let outcome: Swift.Result<Result, PostgresError> = await withTaskCancellationHandler {
      do throws(PostgresError) { return .success(try body(session)) } catch { return .failure(error) }
    } onCancel: {
      canceller.cancel()
    }
    switch outcome {
    case .success(let result): return result
    case .failure(var error):
      if error.sqlState == "57014", Task.isCancelled { error.kind = .cancelled }
      throw error
    }
  }
}
