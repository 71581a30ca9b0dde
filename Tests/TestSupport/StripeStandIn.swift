public import JSON
import Synchronization

/// A stand-in for Stripe's API, made from its documentation: lists newest first with `limit`, `starting_after` and
/// `created`, single objects, events of the last 30 days, the errors of a wrong key and a missing right. Pure of I/O:
/// `answer` is what a server, or a test without one, asks.
public final class StripeStandIn: Sendable {
  public struct Request: Sendable {
    public var path: String
    public var query: [(name: String, value: String)]
    public var key: String?

    public init(path: String, query: [(name: String, value: String)], key: String?) {
      self.path = path
      self.query = query
      self.key = key
    }

    public func first(_ name: String) -> String? { query.first { $0.name == name }?.value }
  }

  public struct Answer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(_ status: Int, _ body: JSONValue, headers: [(name: String, value: String)] = []) {
      self.init(status, text: body.text(), headers: headers)
    }

    init(_ status: Int, text: String, headers: [(name: String, value: String)] = []) {
      self.status = status
      self.headers = [(name: "Content-Type", value: "application/json")] + headers
      body = Array(text.utf8)
    }
  }

  struct Object: Sendable {
    var id: String
    var created: Int
    /// As JSON text, ready to be sent.
    var json: String
    /// What lists can be asked for: the customer of a payment method, the subscription of an item, the type of an event.
    var of: String?
  }

  struct State: Sendable {
    var lists: [String: [Object]] = [:]
    var places: [String: [String: Int]] = [:]
    var key: String
    var denied: Set<String> = []
    var requests = 0
    var log: [Request] = []
    var eventCount = 0
    /// Whether objects come in any order, and are put in theirs at the end.
    var isFilling = false
  }

  let state: Mutex<State>
  /// Looks at each request before it is answered, by its number from 1: another answer takes the place of ours.
  private let before: @Sendable (Int, Request) -> Answer?
  /// Seconds since 1970.
  public let now: @Sendable () -> Int

  public init(
    key: String = "rk_test_standin", now: @escaping @Sendable () -> Int, before: @escaping @Sendable (Int, Request) -> Answer? = { _, _ in nil }
  ) {
    state = Mutex(State(key: key))
    self.now = now
    self.before = before
  }

  public var requests: [Request] { state.withLock { $0.log } }
  public func setKey(_ key: String) { state.withLock { $0.key = key } }
  public func deny(_ resource: String) { state.withLock { _ = $0.denied.insert(resource) } }

  public func count(_ resource: String) -> Int { state.withLock { $0.lists[resource]?.count ?? 0 } }

  /// The ids, oldest first.
  public func ids(_ resource: String) -> [String] { state.withLock { $0.lists[resource]?.map(\.id) ?? [] } }

  // MARK: Answering

  public func answer(_ request: Request) -> Answer {
    let number = state.withLock { state in
      state.requests += 1
      state.log.append(request)
      return state.requests
    }
    if let other = before(number, request) { return other }
    return state.withLock { respond(request, $0) }
  }

  private func respond(_ request: Request, _ state: borrowing State) -> Answer {
    guard request.key == state.key else {
      return Self.error(401, "Invalid API Key provided: rk_test_*****", code: nil)
    }
    let parts = request.path.split(separator: "/").map(String.init)
    guard parts.first == "v1", parts.count >= 2 else { return Self.error(404, "Unrecognized request URL", code: nil) }
    let isCheckout = parts[1] == "checkout"
    let resource = isCheckout ? parts[1...].prefix(2).joined(separator: "/") : parts[1]
    let rest = Array(parts.dropFirst(isCheckout ? 3 : 2))
    if state.denied.contains(resource) {
      return Self.error(403, "The provided key does not have the required permissions for this endpoint. Having the 'rak_\(resource)_read' permission would allow this request to continue.", code: nil)
    }
    switch rest.count {
    case 0: return list(resource, request, state)
    case 1: return one(resource, rest[0], state)
    default: return list("\(resource)/\(rest[1])", request, state, of: rest[0])
    }
  }

  private func one(_ resource: String, _ id: String, _ state: borrowing State) -> Answer {
    guard let place = state.places[resource]?[id], let object = state.lists[resource]?[place] else {
      return Self.error(404, "No such object: '\(id)'", code: "resource_missing", param: "id")
    }
    return Answer(200, text: object.json)
  }

  private func list(_ resource: String, _ request: Request, _ state: borrowing State, of parent: String? = nil) -> Answer {
    let isNested = parent != nil
    guard let all = state.lists[resource] ?? (isNested ? [] : nil) else { return Self.error(404, "Unrecognized request URL", code: nil) }
    let limit = request.first("limit").flatMap { Int($0) } ?? 10
    guard (1...100).contains(limit) else { return Self.error(400, "This value must be less than or equal to 100", code: nil, param: "limit") }
    var end = all.count
    if let after = request.first("starting_after") {
      guard let place = state.places[resource]?[after] else {
        return Self.error(400, "No such object: '\(after)'", code: "resource_missing", param: "starting_after")
      }
      end = place
    }
    var upper = Int.max
    var lower = Int.min
    for (name, value) in request.query {
      guard let number = Int(value) else { continue }
      switch name {
      case "created[lt]": upper = min(upper, number - 1)
      case "created[lte]": upper = min(upper, number)
      case "created[gt]": lower = max(lower, number + 1)
      case "created[gte]": lower = max(lower, number)
      default: break
      }
    }
    if resource == "events" { lower = max(lower, now() - 30 * 86_400) }
    end = min(end, Self.firstIndex(all, after: upper))
    let wanted = parent ?? request.first("subscription") ?? (resource == "events" ? request.first("type") : nil)
    var page: [String] = []
    var hasMore = false
    for object in all[..<end].reversed() {
      if object.created < lower { break }
      guard Self.matches(object.of, wanted, isType: resource == "events") else { continue }
      if page.count == limit {
        hasMore = true
        break
      }
      page.append(object.json)
    }
    return Answer(200, text: "{\"object\":\"list\",\"data\":[\(page.joined(separator: ","))],\"has_more\":\(hasMore),\"url\":\"\(request.path)\"}")
  }

  private static func matches(_ own: String?, _ wanted: String?, isType: Bool) -> Bool {
    guard let wanted else { return true }
    guard isType, wanted.hasSuffix("*") else { return own == wanted }
    return own?.hasPrefix(wanted.dropLast()) ?? false
  }

  /// The first object that was created after a moment; they lie oldest first.
  private static func firstIndex(_ all: [Object], after moment: Int) -> Int {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].created > moment { high = middle } else { low = middle + 1 }
    }
    return low
  }

  static func error(_ status: Int, _ message: String, code: String?, param: String? = nil) -> Answer {
    var members: [(key: String, value: JSONValue)] = [("message", .string(message)), ("type", "invalid_request_error")]
    if let code { members.append(("code", .string(code))) }
    if let param { members.append(("param", .string(param))) }
    return Answer(status, .object([(key: "error", value: .object(members))]))
  }
}
