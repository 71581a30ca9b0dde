/// Keeps open connections for the next one who needs one, never more than `limit` at once.
public actor ConnectionPool {
  public let limit: Int
  private let open: @Sendable () async throws -> Connection
  private var idle: [Connection] = []
  private var inUse = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  public init(limit: Int, open: @escaping @Sendable () async throws -> Connection) {
    self.limit = limit
    self.open = open
  }

  /// Waits until a connection may be had. Give it back with `release`.
  public func acquire() async throws -> Connection {
    while inUse >= limit { await withCheckedContinuation { waiting.append($0) } }
    return try await take()
  }

  /// A connection, or nil where that would be one too many.
  public func acquireIfFree() async throws -> Connection? {
    inUse < limit && waiting.isEmpty ? try await take() : nil
  }

  private func take() async throws -> Connection {
    inUse += 1
    while let connection = idle.popLast() {
      if await !connection.isBroken { return connection }
    }
    do { return try await open() } catch {
      leave()
      throw error
    }
  }

  /// Takes a connection back; one that is broken or still at work is closed instead.
  public func release(_ connection: Connection) async {
    await connection.rollback()
    let isUsable = await connection.isIdle
    leave()
    if isUsable { idle.append(connection) }
  }

  private func leave() {
    inUse -= 1
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  /// Closes the idle connections.
  public func close() { idle.removeAll() }
}
