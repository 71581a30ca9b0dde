import Synchronization

/// Sends requests with libcurl, on a thread of its own that it shares between all of them.
///
/// Connections are kept and used again; an answer's body comes as fast as it is read and no faster. Nothing is tried
/// twice here: see `HTTPRetry`. The thread ends with `close()`, or when neither the client nor a body is held.
public final class HTTPClient: HTTPSending {
  private let options: HTTPOptions
  private let inbox = TransferInbox()

  public init(_ options: HTTPOptions = HTTPOptions()) {
    self.options = options
    let loop = TransferLoop()
    Task { [inbox] in await loop.run(inbox, options) }
  }

  deinit { inbox.close() }

  /// Ends all that is under way; from then on every request fails. May be called more than once.
  public func close() { inbox.close() }

  public var counters: HTTPCounters { inbox.counters.withLock { $0 } }

  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let deadline = request.deadline.map { ContinuousClock.now + $0 }
    var request = request
    for _ in 0...options.redirectLimit {
      let prepared = try PreparedRequest(request, options, deadline: deadline)
      let response = try await exchange(prepared)
      guard request.followsRedirects,
        let next = try Redirect.next(after: response.status, response.header("Location"), request, prepared.address)
      else { return response }
      await response.body.discard()
      request = next
    }
    let place = try WebAddress(request.url).place
    throw HTTPError(
      .tooManyRedirects, host: place, "\(place) redirects again after \(options.redirectLimit) redirects.",
      hint: "Check the address; it may lead in a circle.")
  }

  private func exchange(_ request: PreparedRequest) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let transfer = Transfer(request, limit: options.bodyBuffer)
    let body = TransferBody(transfer, inbox, client: self)
    guard inbox.post(.start(transfer)) else { throw closedError }
    let head = try await body.cancelling { try await transfer.head() }
    return HTTPResponse(status: head.status, headers: head.headers, body: body)
  }
}

/// The body of a transfer. What is left of it is given up when nobody holds it any more.
final class TransferBody: HTTPBody {
  private let transfer: Transfer
  private let inbox: TransferInbox
  /// Held so that reading may go on after the caller has let go of the client.
  private let client: HTTPClient

  init(_ transfer: Transfer, _ inbox: TransferInbox, client: HTTPClient) {
    self.transfer = transfer
    self.inbox = inbox
    self.client = client
  }

  deinit { inbox.post(.cancel(transfer)) }

  func next() async throws -> [UInt8]? {
    try await cancelling {
      try await self.transfer.next { self.inbox.post(.resume(self.transfer)) }
    }
  }

  /// Gives the transfer up when the task is cancelled.
  func cancelling<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await withTaskCancellationHandler {
      try await body()
    } onCancel: {
      inbox.post(.cancel(transfer))
    }
  }
}
