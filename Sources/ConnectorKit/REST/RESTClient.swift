import FoundationEssentials
import HTTP
import JSON
import Secrets

/// Asks one API: builds requests, keeps to its limits, tries again what passes, and says what went wrong. An answer
/// counts only when its whole body arrived and is JSON.
struct RESTClient: Sendable {
  let manifest: RESTManifest
  let config: RESTConfig
  let http: any HTTPSending
  let limiter: RateLimiter
  var patience = RESTPatience()

  /// What is asked for.
  struct Query: Sendable {
    var url: String
    /// In messages: what the request is for, such as `stripe.charge`.
    var label: String
    /// What its reading needs, in the API's words.
    var permission: String?
  }

  struct Answer: Sendable {
    var tape: JSONTape
    var link: String?
    /// Whether a rule says that there is nothing here.
    var skipped = false
  }

  /// - Parameter names: what templates may read beside `config`.
  func query(_ path: Template, _ parameters: [RESTParameter], label: String, permission: String? = nil, _ names: @escaping (String) -> String? = { _ in nil }) -> Query {
    let all = config.names(names)
    var url = base + "/" + path.text(all, encode: PercentEncoding.encode)
    var pairs = parameters.map { ($0.name, $0.value.text(all)) }.filter { !$0.1.isEmpty }
    if case .query(let name, let value)? = manifest.authorization { pairs.append((name, value.text(all))) }
    url = Self.adding(pairs, to: url)
    return Query(url: url, label: label, permission: permission)
  }

  private var base: String {
    var text = manifest.baseURL.text(config.names { _ in nil })
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }

  static func adding(_ pairs: [(String, String)], to url: String) -> String {
    guard !pairs.isEmpty else { return url }
    let text = pairs.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    return url + (url.contains("?") ? "&" : "?") + text
  }

  // MARK: Asking

  func get(_ query: Query) async throws -> Answer {
    // Credentials go to the host of the base address and to no other, whatever an answer says.
    guard let origin = Origin.of(query.url), origin == Origin.of(base) else {
      throw ConnectorError(
        .malformed, "\(query.label): \(manifest.title) points to another host than \(Origin.of(base) ?? base) for its next page: nothing was sent there",
        hint: "Look at the base address and the pagination of the source.")
    }
    let deadline = ContinuousClock.now + patience.total
    var attempt = 0
    while true {
      attempt += 1
      let verdict = try await once(query)
      switch verdict {
      case .answer(let answer): return answer
      case .stop(let error): throw error
      case .again(let error, let wait):
        let backoff = patience.firstPause * (1 << min(attempt - 1, 6))
        let pause = max(min(backoff, .seconds(30)), wait ?? .zero) * Double.random(in: 1...1.2)
        if let wait, wait > patience.longestWait { throw error }
        guard attempt < 8, ContinuousClock.now + pause < deadline else { throw error }
        if wait != nil { await limiter.pause(for: pause) } else { try await Task.sleep(for: pause) }
      }
    }
  }

  private enum Verdict {
    case answer(Answer)
    case again(ConnectorError, wait: Duration?)
    case stop(any Error)
  }

  private func once(_ query: Query) async throws -> Verdict {
    try await limiter.acquire()
    do {
      let response = try await http.send(HTTPRequest("GET", query.url, headers: headers))
      let body = try await Self.whole(response)
      await limiter.release()
      return judge(response, body, query)
    } catch let error as HTTPError {
      await limiter.release()
      return judge(error, query)
    } catch {
      await limiter.release()
      throw error
    }
  }

  private static func whole(_ response: HTTPResponse) async throws -> [UInt8] {
    var body: [UInt8] = []
    while let piece = try await response.body.next() {
      body += piece
      guard body.count <= longestBody else { throw HTTPError(.tooLong, "An answer is longer than the \(longestBody) bytes that are accepted.") }
    }
    return body
  }

  private static let longestBody = 256 << 20

  private var headers: [(name: String, value: String)] {
    let names = config.names { _ in nil }
    var headers: [(name: String, value: String)] = [(name: "Accept", value: "application/json")]
    switch manifest.authorization ?? .none {
    case .none, .query: break
    case .bearer(let token): headers.append((name: "Authorization", value: "Bearer " + token.text(names)))
    case .basic(let user, let password):
      headers.append((name: "Authorization", value: "Basic " + Base64.text(Array("\(user.text(names)):\(password.text(names))".utf8))))
    case .header(let name, let value): headers.append((name: name, value: value.text(names)))
    }
    headers += (manifest.headers ?? []).map { (name: $0.name, value: $0.value.text(names)) }.filter { !$0.value.isEmpty }
    return headers
  }

  // MARK: Judging

  private func judge(_ error: HTTPError, _ query: Query) -> Verdict {
    let kind: ConnectorError.Kind = error.kind == .malformed ? .malformed : error.isTransient || error.kind == .deadline ? .unreachable : .unusable
    let said = ConnectorError(kind, "\(query.label): \(error.message)", hint: error.hint)
    return error.isTransient || error.kind == .deadline || error.kind == .malformed ? .again(said, wait: nil) : .stop(said)
  }

  private func judge(_ response: HTTPResponse, _ body: [UInt8], _ query: Query) -> Verdict {
    guard (200..<300).contains(response.status) else {
      let failure = RESTFailure(manifest: manifest, config: config, response: response, body: body, query: query)
      switch failure.action {
      case .skip: return .answer(Answer(tape: RESTFailure.nothing, skipped: true))
      case .retry: return .again(failure.error, wait: failure.wait)
      case .stop: return .stop(failure.error)
      case .restart: return .stop(StalePlace(error: failure.error))
      }
    }
    do { return .answer(Answer(tape: try JSONTape(body), link: LinkHeader.next(response.headers))) } catch {
      return .again(
        ConnectorError(.malformed, "\(query.label): the answer of \(manifest.title) is no JSON (byte \(error.offset): \(error.reason))", hint: "It was tried several times. Look at the base address, and at the API's status page."),
        wait: nil)
    }
  }
}

/// The place in a list is not known any more.
struct StalePlace: Error {
  let error: ConnectorError
}

/// How long a request is tried again before the sync is put off.
public struct RESTPatience: Sendable {
  /// For all tries of one request.
  public var total: Duration
  /// The longest that one answer may make us wait within a sync.
  public var longestWait: Duration
  /// The first pause before another try; it doubles each time.
  public var firstPause: Duration

  public init(total: Duration = .seconds(300), longestWait: Duration = .seconds(120), firstPause: Duration = .milliseconds(500)) {
    self.total = total
    self.longestWait = longestWait
    self.firstPause = firstPause
  }
}

/// What the user filled in, for templates.
struct RESTConfig: Sendable {
  private let fields: [String: String]
  private let secrets: [String: Secret]

  init(fields: [String: String], secrets: [String: Secret]) {
    self.fields = fields
    self.secrets = secrets
  }

  /// Reads `config.NAME` itself and asks `others` for the rest.
  func names(_ others: @escaping (String) -> String?) -> (String) -> String? {
    { name in
      guard name.hasPrefix("config.") else { return others(name) }
      let field = String(name.dropFirst("config.".count))
      return fields[field] ?? secrets[field]?.withExposed { $0 }
    }
  }

  /// A text without the secrets that may be in it, as an API echoes them.
  func withoutSecrets(_ text: String) -> String {
    secrets.values.reduce(text) { text, secret in
      secret.withExposed { $0.count >= 4 ? text.replacing($0, with: "<secret>") : text }
    }
  }
}

/// The `Link` header (RFC 8288).
enum LinkHeader {
  static func next(_ headers: [(name: String, value: String)]) -> String? {
    for header in headers where header.name.lowercased() == "link" {
      for link in header.value.split(separator: ",") {
        let pieces = link.split(separator: ";").map { $0.trimmed }
        guard let target = pieces.first, target.hasPrefix("<"), target.hasSuffix(">") else { continue }
        if pieces.dropFirst().contains(where: { $0.lowercased() == "rel=\"next\"" || $0.lowercased() == "rel=next" }) {
          return String(target.dropFirst().dropLast())
        }
      }
    }
    return nil
  }
}
