import HTTP
import ObjectStores
import Synchronization
import TestSupport

/// Time that passes at once, and no chance; the date is the machine's.
struct FastClock: RetryClock {
  func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
  func random() -> Double { 0 }
  func now() -> Int { SystemRetryClock().now() }
}

/// A client that may connect to this machine, and tries again without waiting.
func localSender() throws -> any HTTPSending {
  var options = HTTPOptions()
  options.allowedHosts = try AllowedHosts("127.0.0.1")
  return HTTPRetry(HTTPClient(options), clock: FastClock())
}

/// What a listing gave, in order.
final class Gathered: Sendable {
  private let state = Mutex<[[ObjectEntry]]>([])
  var pages: [[ObjectEntry]] { state.withLock { $0 } }
  var entries: [ObjectEntry] { pages.flatMap(\.self) }
  func add(_ page: [ObjectEntry]) { state.withLock { $0.append(page) } }
}

extension ObjectStore {
  func entries(_ prefix: String = "") async throws -> [ObjectEntry] {
    let gathered = Gathered()
    try await list(prefix: prefix) { page in
      gathered.add(page)
      return true
    }
    return gathered.entries
  }

  func entries(matching pattern: String) async throws -> [ObjectEntry] {
    let gathered = Gathered()
    try await list(matching: KeyPattern(pattern)) { page in
      gathered.add(page)
      return true
    }
    return gathered.entries
  }
}

extension ObjectReader {
  func all() async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let next = try await next() { bytes += next }
    return bytes
  }
}

/// The error that something ends with; nil when it ends well, or with another one.
func failure(of body: () async throws -> Void) async -> ObjectStoreError? {
  do {
    try await body()
    return nil
  } catch { return error as? ObjectStoreError }
}
