import FoundationEssentials
import HTTP
import JSON

/// What an answer that is no success means, and how to say it to the person who linked the source.
struct RESTFailure {
  let manifest: RESTManifest
  let config: RESTConfig
  let response: HTTPResponse
  let query: RESTClient.Query
  private let tape: JSONTape?

  /// An answer with no records.
  static let nothing: JSONTape = {
    do { return try JSONTape(Array("{}".utf8)) } catch { fatalError("an empty object is JSON") }
  }()

  init(manifest: RESTManifest, config: RESTConfig, response: HTTPResponse, body: [UInt8], query: RESTClient.Query) {
    self.manifest = manifest
    self.config = config
    self.response = response
    self.query = query
    tape = try? JSONTape(body)
  }

  private var rule: RESTErrorRule? {
    (manifest.errors ?? []).first { rule in
      if let statuses = rule.statuses, !statuses.contains(response.status) { return false }
      guard let path = rule.path else { return true }
      guard let found = text(at: path.keys) else { return false }
      return rule.equals == nil || rule.equals == found
    }
  }

  /// For every API: too many requests, time-outs, conflicts and the server's own faults pass; the rest stays.
  var action: RESTErrorRule.Action {
    if let rule { return rule.action }
    return [408, 409, 425, 429].contains(response.status) || response.status >= 500 ? .retry : .stop
  }

  var error: ConnectorError {
    let rule = rule
    let message = rule?.message.map { template in
      template.text(config.names { name in name.hasPrefix("error.") ? text(at: Path(String(name.dropFirst("error.".count))).keys) : nil })
    }
    return ConnectorError(kind, "\(query.label): \(config.withoutSecrets(message ?? general))", hint: rule?.hint ?? hint)
  }

  private var kind: ConnectorError.Kind {
    switch response.status {
    case 401: .unauthorized
    case 402, 403: .forbidden
    case 404, 410: .missing
    case 429: .busy
    case 408, 409, 425, 500...: .unreachable
    default: action == .retry ? .busy : .unusable
    }
  }

  private var general: String {
    let said = said.map { ": \($0)" } ?? ""
    switch response.status {
    case 401: return "\(manifest.title) does not accept the credentials\(said)"
    case 402, 403: return "the credentials may not read this at \(manifest.title)\(query.permission.map { " (needed: \($0))" } ?? "")\(said)"
    case 404, 410: return "\(manifest.title) has nothing at this address any more\(said)"
    case 429: return "\(manifest.title) limits how often it may be asked, and still did after several tries"
    case 500...: return "\(manifest.title) answers with an error of its own (\(response.status))\(said)"
    default: return "\(manifest.title) refuses the request (\(response.status))\(said)"
    }
  }

  private var hint: String? {
    switch response.status {
    case 401: "Give new credentials with: hedgerow set \(query.label.prefix { $0 != "." }) FIELD=env:VARIABLE. hedgerow kinds names the fields."
    case 402, 403: "Add the right at \(manifest.title), or leave the table out with: hedgerow set \(query.label) enabled=false"
    case 404, 410: "Check the base address and the account."
    case 429, 408, 409, 425, 500...: "It will be tried again; nothing is lost."
    default: nil
    }
  }

  /// The API's own words, where they are at one of the usual places.
  private var said: String? {
    for path in [["error", "message"], ["message"], ["error", "title"], ["error_description"], ["description"], ["error"], ["title"]] {
      if let tape, let value = tape.value(JSONTape.root, at: path), tape.kind(value) == .string {
        return String(tape.string(value).prefix(300))
      }
    }
    return nil
  }

  func text(at path: [String]) -> String? {
    guard let tape, let value = tape.value(JSONTape.root, at: path), !tape.isNull(value) else { return nil }
    return tape.string(value)
  }

  /// `Retry-After`, in seconds or as a date.
  var wait: Duration? { RetryAfter.delay(response.header("Retry-After"), now: Int(Date().timeIntervalSince1970)) }
}
