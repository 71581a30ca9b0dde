import Synchronization

/// The head of an answer.
struct HTTPHead: Sendable {
  var status: Int
  var headers: [(name: String, value: String)] = []
}

/// One exchange, as its two sides see it: the thread that drives libcurl puts in, the task that sent takes out.
final class Transfer: Sendable {
  let request: PreparedRequest
  /// How many bytes may wait here.
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var head: HTTPHead?
    var headWaiter: CheckedContinuation<HTTPHead, any Error>?
    var bytes: [UInt8] = []
    var reader: CheckedContinuation<[UInt8]?, any Error>?
    var end: Result<Void, any Error>?
    /// libcurl was told to hold this transfer until the waiting bytes are taken.
    var isPaused = false

    /// What can be said without waiting; nil: nothing yet.
    mutating func take() -> Result<[UInt8]?, any Error>? {
      guard bytes.isEmpty else {
        defer { bytes = [] }
        return .success(bytes)
      }
      return end.map { $0.map { nil } }
    }

    /// Whether libcurl was held and may go on, now that what was waiting is taken.
    mutating func release() -> Bool {
      defer { isPaused = false }
      return isPaused
    }
  }

  init(_ request: PreparedRequest, limit: Int) {
    self.request = request
    self.limit = limit
  }

  // The task's side.

  func head() async throws -> HTTPHead {
    try await withCheckedThrowingContinuation { continuation in
      let known: Result<HTTPHead, any Error>? = state.withLock { state in
        if let head = state.head { return .success(head) }
        if case .failure(let error) = state.end { return .failure(error) }
        state.headWaiter = continuation
        return nil
      }
      if let known { continuation.resume(with: known) }
    }
  }

  /// - Parameter resume: called when libcurl was held and may go on.
  func next(resume: () -> Void) async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { continuation in
      let (known, wasHeld) = state.withLock { state in
        let known = state.take()
        if known == nil {
          precondition(state.reader == nil, "one task at a time reads a body")
          state.reader = continuation
        }
        return (known, state.release())
      }
      if wasHeld { resume() }
      if let known { continuation.resume(with: known) }
    }
  }

  // The thread's side.

  func arrived(_ head: HTTPHead) {
    let waiter = state.withLock { state in
      state.head = head
      defer { state.headWaiter = nil }
      return state.headWaiter
    }
    waiter?.resume(returning: head)
  }

  /// - Returns: false when they do not fit: libcurl keeps them and holds the transfer until `resume`.
  func arrived(_ bytes: UnsafeRawBufferPointer) -> Bool {
    state.withLock { state in
      guard state.bytes.isEmpty || state.bytes.count + bytes.count <= limit else {
        state.isPaused = true
        return false
      }
      state.bytes.append(contentsOf: bytes)
      return true
    }
  }

  /// Hands what has arrived to a reader that waits; in one piece for all that came in one round of the thread.
  func handOver() {
    let delivery: (CheckedContinuation<[UInt8]?, any Error>, [UInt8])? = state.withLock { state in
      guard let reader = state.reader, !state.bytes.isEmpty else { return nil }
      state.reader = nil
      defer { state.bytes = [] }
      return (reader, state.bytes)
    }
    if let (reader, bytes) = delivery { reader.resume(returning: bytes) }
  }

  /// Ends it; only the first end counts. What has arrived before can still be read.
  func end(_ result: Result<Void, any Error>) {
    handOver()
    let (waiter, reader) = state.withLock { state in
      state.end = state.end ?? result
      defer { (state.headWaiter, state.reader) = (nil, nil) }
      return (state.headWaiter, state.reader)
    }
    switch result {
    case .success:
      waiter?.resume(throwing: HTTPError(.malformed, host: request.address.place, "An answer had no head."))
      reader?.resume(returning: nil)
    case .failure(let error):
      waiter?.resume(throwing: error)
      reader?.resume(throwing: error)
    }
  }

  /// Whether nobody takes what has arrived, so that silence is not the sender's fault.
  var isHeld: Bool { state.withLock { $0.isPaused } }
}
