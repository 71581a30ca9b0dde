import Blocking
import CLibcurl
import Synchronization

/// The thread that drives libcurl: it owns the handles, and nobody else touches them.
actor TransferLoop {
  private let executor = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Runs until the inbox is closed; what is under way then ends with an error.
  func run(_ inbox: TransferInbox, _ options: HTTPOptions) {
    guard let table = TransferTable(inbox, options) else { preconditionFailure("libcurl gave no memory") }
    table.run()
  }
}

/// The transfers under way and libcurl's handle for all of them.
private final class TransferTable {
  private let multi: UnsafeMutableRawPointer
  private let inbox: TransferInbox
  private let options: HTTPOptions
  private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
  private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]

  init?(_ inbox: TransferInbox, _ options: HTTPOptions) {
    guard Libcurl.isReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    self.inbox = inbox
    self.options = options
    // One answer on a connection at a time: with several, a slow reader would hold up its neighbours.
    hedgerow_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    hedgerow_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 16)
    inbox.opens(multi)
  }

  deinit { curl_multi_cleanup(multi) }

  func run() {
    while let wishes = inbox.take() {
      for wish in wishes { fulfil(wish) }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      handOver()
      finishDone()
      let wait = finishLate()
      curl_multi_poll(multi, nil, 0, wait, nil)
    }
    inbox.closes()
    for one in active.values { finish(one, .failure(closedError)) }
  }

  private func fulfil(_ wish: TransferInbox.Wish) {
    switch wish {
    case .start(let transfer): start(transfer)
    case .resume(let transfer): find(transfer)?.resume()
    case .cancel(let transfer):
      guard let one = find(transfer) else { return }
      finish(one, .failure(CancellationError()))
    }
  }

  private func find(_ transfer: Transfer) -> ActiveTransfer? {
    handles[ObjectIdentifier(transfer)].flatMap { active[$0] }
  }

  private func start(_ transfer: Transfer) {
    guard let one = ActiveTransfer(transfer, options) else {
      transfer.end(.failure(HTTPError(.badRequest, host: transfer.request.address.place, "libcurl gave no memory.")))
      return
    }
    active[one.handle.raw] = one
    handles[ObjectIdentifier(transfer)] = one.handle.raw
    curl_multi_add_handle(multi, one.handle.raw)
    inbox.counters.withLock { $0.requests += 1 }
  }

  private func handOver() {
    for one in active.values where one.hasNews {
      one.hasNews = false
      one.transfer.handOver()
    }
  }

  private func finishDone() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle, let one = active[handle]
      else { continue }
      let code = hedgerow_curl_result(message)
      finish(one, code == CURLE_OK ? .success(()) : .failure(one.error(code)))
    }
  }

  /// Ends what is late.
  /// - Returns: how many milliseconds may pass until the next look.
  private func finishLate() -> Int32 {
    let now = ContinuousClock.now
    var wait = Duration.seconds(10)
    for one in active.values {
      switch one.check(now) {
      case .failure(let error): finish(one, .failure(error))
      case .success(let next): if let next { wait = min(wait, next - now) }
      }
    }
    return Int32((wait / .milliseconds(1)).rounded(.up))
  }

  private func finish(_ one: ActiveTransfer, _ result: Result<Void, any Error>) {
    inbox.counters.withLock { counters in
      counters.connections += one.handle.long(CURLINFO_NUM_CONNECTS)
      counters.bytesReceived += one.received
      counters.bytesSent += one.handle.size(CURLINFO_SIZE_UPLOAD_T)
    }
    curl_multi_remove_handle(multi, one.handle.raw)
    active[one.handle.raw] = nil
    handles[ObjectIdentifier(one.transfer)] = nil
    one.transfer.end(result)
  }
}

/// What is asked of a client that was closed, or what it was still doing.
let closedError = HTTPError(.closed, "The HTTP client was closed.")

/// libcurl as a whole, set up once for the process.
enum Libcurl {
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
