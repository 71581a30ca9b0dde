/// Text with expressions in it, as manifests have it: `customers/{{parent.id}}/cards`. A small, safe language: an
/// expression reads one name and passes it through filters.
///
///     {{name}}  {{config.account}}  {{record.id}}  {{config.region | default('eu') | lower}}
///
/// Names are those that the place offers: `config.FIELD` everywhere; `parent.PATH` in the streams of a parent;
/// `record.PATH` in cut lists; `error.PATH` in messages. A name that is not there is an empty text. Filters:
/// `default('x')` for an empty text, `lower`, `upper`, `trim`, `base64`. A text whose expressions are all empty and that has
/// nothing else in it is empty, and a parameter with an empty value is not sent.
public struct Template: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case expression(name: String, filters: [Filter])
  }

  enum Filter: Sendable, Hashable {
    case fallback(String)
    case lower, upper, trim, base64
  }

  public let source: String
  let parts: [Part]

  /// - Throws: `TemplateError` for an expression that does not end, is empty, or has a filter that is not there.
  public init(parsing source: String) throws(TemplateError) {
    self.source = source
    var parts: [Part] = []
    var rest = source[...]
    while let open = rest.firstRange(of: "{{") {
      if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
      let inner = rest[open.upperBound...]
      guard let close = inner.firstRange(of: "}}") else { throw TemplateError("an expression in \"\(source)\" does not end with }}") }
      parts.append(try Self.expression(inner[..<close.lowerBound], source))
      rest = inner[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  private static func expression(_ text: Substring, _ source: String) throws(TemplateError) -> Part {
    let pieces = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
    guard let name = pieces.first, !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-[]".contains($0) }) else {
      throw TemplateError("an expression in \"\(source)\" does not begin with a name")
    }
    var filters: [Filter] = []
    for piece in pieces.dropFirst() { filters.append(try filter(piece, source)) }
    return .expression(name: name, filters: filters)
  }

  private static func filter(_ text: String, _ source: String) throws(TemplateError) -> Filter {
    switch text {
    case "lower": return .lower
    case "upper": return .upper
    case "trim": return .trim
    case "base64": return .base64
    default: break
    }
    if text.hasPrefix("default('"), text.hasSuffix("')"), text.count >= 11 { return .fallback(String(text.dropFirst(9).dropLast(2))) }
    throw TemplateError("there is no filter \"\(text)\", as in \"\(source)\": there are default('x'), lower, upper, trim and base64")
  }

  /// The text for these names.
  ///
  /// - Parameter encode: applied to what expressions give, for instance to percent-encode it.
  func text(_ names: (String) -> String?, encode: (String) -> String = { $0 }) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .expression(let name, let filters): encode(filters.reduce(names(name) ?? "") { Self.apply($1, to: $0) })
      }
    }.joined()
  }

  private static func apply(_ filter: Filter, to text: String) -> String {
    switch filter {
    case .fallback(let other): text.isEmpty ? other : text
    case .lower: text.lowercased()
    case .upper: text.uppercased()
    case .trim: text[...].trimmed
    case .base64: Base64.text(Array(text.utf8))
    }
  }

  /// The names that it reads.
  var names: [String] {
    parts.compactMap { if case .expression(let name, _) = $0 { name } else { nil } }
  }
}

/// What is wrong with a template, in a sentence.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Template: ExpressibleByStringLiteral {
  /// For templates in code; a wrong one is a programmer's error.
  public init(stringLiteral text: String) {
    do { try self.init(parsing: text) } catch { fatalError("a template in code is well formed: \(error)") }
  }
}

extension Template: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do { try self.init(parsing: try container.decode(String.self)) } catch let error as TemplateError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(source)
  }
}

extension Substring {
  var trimmed: String {
    var part = self
    while let first = part.first, first.isWhitespace { part.removeFirst() }
    while let last = part.last, last.isWhitespace { part.removeLast() }
    return String(part)
  }
}
