import LocalPostgres

/// Runs what waits in C on a thread made for it, and not on the few that tasks share.
public func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    OwnThread.run { continuation.resume(returning: body()) }
  }
}
