/// An HTTP API as data: where it is, how one logs in, how often one may ask, and what its streams are. `RESTConnector`
/// interprets it. As it is `Codable`, a user's own source is a file of the same form.
public struct RESTManifest: Codable, Sendable {
  /// The kind of source, such as `stripe`.
  public var name: String
  /// Its name for people, such as `Stripe`.
  public var title: String
  /// What every path is joined to, without a `/` at its end.
  public var baseURL: Template
  /// What the user fills in; `{{config.NAME}}` reads a field.
  public var fields: [Field]?
  public var authorization: RESTAuthorization?
  /// Sent with every request; one whose value is empty is left out.
  public var headers: [RESTParameter]?
  public var rate: RESTRate?
  /// Looked through from the first to the last before the rules that hold for every API.
  public var errors: [RESTErrorRule]?
  public var streams: [RESTStream]
  /// The parameter that says how many records a page has, for looks that need only one.
  public var sizeParameter: String?

  public struct Field: Codable, Sendable {
    public var name: String
    public var help: String
    public var isSecret: Bool?
    public var isRequired: Bool?
    public var fallback: String?

    public init(_ name: String, _ help: String, isSecret: Bool = false, isRequired: Bool = false, fallback: String? = nil) {
      self.name = name
      self.help = help
      self.isSecret = isSecret
      self.isRequired = isRequired
      self.fallback = fallback
    }
  }

  public init(
    name: String, title: String, baseURL: Template, fields: [Field], authorization: RESTAuthorization,
    headers: [RESTParameter] = [], rate: RESTRate? = nil, errors: [RESTErrorRule] = [], streams: [RESTStream],
    sizeParameter: String? = nil
  ) {
    self.name = name
    self.title = title
    self.baseURL = baseURL
    self.fields = fields
    self.authorization = authorization
    self.headers = headers
    self.rate = rate
    self.errors = errors
    self.streams = streams
    self.sizeParameter = sizeParameter
  }

  func stream(_ name: String) -> RESTStream? { streams.first { $0.name == name } }
}

/// A name and its value in a query, a header or a form.
public struct RESTParameter: Codable, Sendable {
  public var name: String
  public var value: Template

  public init(_ name: String, _ value: Template) {
    self.name = name
    self.value = value
  }
}

/// How a request shows who sends it.
public enum RESTAuthorization: Codable, Sendable {
  case none
  /// `Authorization: Bearer TOKEN`.
  case bearer(token: Template)
  /// `Authorization: Basic`, base64 of `user:password`.
  case basic(user: Template, password: Template)
  case header(name: String, value: Template)
  case query(name: String, value: Template)
}

/// How much an API lets one ask.
public struct RESTRate: Codable, Sendable {
  /// Nil for no limit; the API's own answers (429, `Retry-After`) are obeyed in any case. A number, or a field of the form.
  public var requestsPerSecond: Template?
  /// How many requests may be under way at once, 4 where it says nothing.
  public var concurrency: Int?

  public init(requestsPerSecond: Template? = nil, concurrency: Int? = nil) {
    self.requestsPerSecond = requestsPerSecond
    self.concurrency = concurrency
  }
}

/// What an answer that is no success means.
public struct RESTErrorRule: Codable, Sendable {
  public enum Action: String, Codable, Sendable {
    /// It is known to pass.
    case retry
    /// There are no records here: go on without them.
    case skip
    /// Nothing can be done without a person.
    case stop
    /// The place in a list is not known any more: read on from the last record's cursor.
    case restart
  }

  /// Statuses it holds for; nil for all.
  public var statuses: [Int]?
  /// A path in the body, and what must be there.
  public var path: Path?
  public var equals: String?
  public var action: Action
  /// For the person, in place of the general sentence; may read `{{error.PATH}}`.
  public var message: Template?
  public var hint: String?

  public init(
    statuses: [Int]? = nil, path: Path? = nil, equals: String? = nil, action: Action, message: Template? = nil, hint: String? = nil
  ) {
    self.statuses = statuses
    self.path = path
    self.equals = equals
    self.action = action
    self.message = message
    self.hint = hint
  }
}

/// Keys that lead into a JSON value, written `paging.next.link`; empty for the value itself.
public struct Path: Codable, Sendable, Hashable, ExpressibleByStringLiteral {
  public var keys: [String]

  public init(_ text: String) { keys = text.split(separator: ".").map(String.init) }

  public init(stringLiteral text: String) { self.init(text) }

  public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(keys.joined(separator: "."))
  }
}
