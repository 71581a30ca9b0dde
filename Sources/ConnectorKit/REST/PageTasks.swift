/// Pages that are fetched side by side, handed out as they come. One that was fetched and not yet taken is all that each
/// of them holds.
actor PageTasks<Value: Sendable> {
  private var tasks: [Int: Task<Void, Never>] = [:]
  private var ready: [(id: Int, result: Result<Value, any Error>)] = []
  private var waiting: CheckedContinuation<Void, Never>?

  func isRunning(_ id: Int) -> Bool { tasks[id] != nil || ready.contains { $0.id == id } }

  func start(_ id: Int, _ body: @escaping @Sendable () async throws -> Value) {
    tasks[id] = Task {
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      deliver(id, result)
    }
  }

  /// The next that is there; one caller waits at a time. Throws what a fetch threw.
  func next() async throws -> (id: Int, value: Value) {
    while ready.isEmpty {
      try Task.checkCancellation()
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          if Task.isCancelled || !ready.isEmpty { continuation.resume() } else { waiting = continuation }
        }
      } onCancel: {
        Task { await self.wake() }
      }
    }
    let (id, result) = ready.removeFirst()
    return (id, try result.get())
  }

  private func deliver(_ id: Int, _ result: Result<Value, any Error>) {
    tasks[id] = nil
    ready.append((id, result))
    wake()
  }

  private func wake() {
    waiting?.resume()
    waiting = nil
  }

  /// Stops what runs, and waits until it has.
  func stop() async {
    let running = tasks.values
    for task in running { task.cancel() }
    for task in running { await task.value }
    ready = []
  }
}
