import Postgres

/// The session that stands for a worker. One that was lost is replaced on its next use.
actor WorkerSession {
  private var connection: Connection
  private let reopen: @Sendable () async throws -> Connection
  private var opening: Task<Connection, any Error>?

  init(_ connection: Connection, reopen: @escaping @Sendable () async throws -> Connection) {
    self.connection = connection
    self.reopen = reopen
  }

  /// Opens one new session however many ask at once.
  func current() async throws -> Connection {
    if let opening { return try await opening.value }
    let known = connection
    guard await known.isBroken else { return connection }
    if let opening { return try await opening.value }
    guard connection === known else { return connection }
    let task = Task { [reopen] in try await reopen() }
    opening = task
    defer { opening = nil }
    connection = try await task.value
    return connection
  }
}
