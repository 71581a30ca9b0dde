/// A statement or a part of one. In an interpolation an `Identifier`, a `QualifiedName` and a `Literal` are
/// quoted, another `SQL` is spliced in, and any other value becomes a parameter.
public struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
  enum Piece: Hashable, Sendable {
    case text(String)
    case parameter(String?)
  }

  var pieces: [Piece]

  init(pieces: [Piece]) { self.pieces = pieces }

  public init(stringLiteral value: String) { pieces = [.text(value)] }

  public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  /// SQL that somebody else wrote on purpose: a file of `sql/`, a type's name as PostgreSQL prints it, or a
  /// filter that the user asked for. Never anything that came with the rows.
  public init(verbatim text: String) { pieces = [.text(text)] }

  /// The text with `$1`, `$2` and so on, and the parameters in that order.
  public var statement: (text: String, parameters: [String?]) {
    var text = ""
    var parameters: [String?] = []
    for piece in pieces {
      switch piece {
      case .text(let part): text += part
      case .parameter(let value):
        parameters.append(value)
        text += "$\(parameters.count)"
      }
    }
    return (text, parameters)
  }

  public static func + (left: SQL, right: SQL) -> SQL { SQL(pieces: left.pieces + right.pieces) }

  public var isEmpty: Bool { pieces.isEmpty || pieces == [.text("")] }
}

extension SQL {
  public struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(interpolationCount * 2 + 1)
    }

    public mutating func appendLiteral(_ literal: String) { pieces.append(.text(literal)) }
    public mutating func appendInterpolation(_ name: Identifier) { pieces.append(.text("\(name)")) }
    public mutating func appendInterpolation(_ name: QualifiedName) { pieces.append(.text("\(name)")) }
    public mutating func appendInterpolation(_ literal: Literal) { pieces.append(.text("\(literal)")) }
    public mutating func appendInterpolation(_ sql: SQL) { pieces += sql.pieces }
    public mutating func appendInterpolation(_ value: String?) { pieces.append(.parameter(value)) }
    public mutating func appendInterpolation(_ value: Bool) { pieces.append(.parameter(value ? "t" : "f")) }
    public mutating func appendInterpolation<Number: BinaryInteger>(_ value: Number?) {
      pieces.append(.parameter(value.map { "\($0)" }))
    }
    public mutating func appendInterpolation(_ value: Double) { pieces.append(.parameter("\(value)")) }
  }
}

extension Sequence where Element == SQL {
  /// The parts with `separator` between them.
  public func joined(separator: SQL) -> SQL {
    var pieces: [SQL.Piece] = []
    for (index, part) in enumerated() {
      if index > 0 { pieces += separator.pieces }
      pieces += part.pieces
    }
    return SQL(pieces: pieces)
  }
}

extension Sequence where Element == Identifier {
  /// The quoted names with commas between them.
  public var list: SQL { map { "\($0)" as SQL }.joined(separator: ", ") }
}
