import Rows

/// Why a text is not a value of a type.
public enum ValueProblem: Error, Sendable, Hashable {
  case number
  case notBool, notUUID, notDate, notTime, notTimestamp, notBytea
  case outOfRange
  /// More digits that count than the type keeps: a decimal's scale, a time's fraction of a second.
  case tooManyDigits(kept: Int)
  /// More digits before the point than the type has room for.
  case tooManyWholeDigits(room: Int)
  /// More than so many characters.
  case tooLong(Int)
  case noInfinity
  /// A time with a zone for a type that would lose it.
  case hasZone
  case nul
  /// At a byte of the value, from 0.
  case notUTF8(at: Int)
  /// JSON that breaks the rules, and what is wrong with it.
  case json(JSONProblem)

  /// What is wrong, after the value: `"12a" is no number`.
  public var reason: String {
    switch self {
    case .number: "is no number"
    case .notBool: "is neither true nor false"
    case .notUUID: "is no UUID"
    case .notDate: "is no date like 2024-02-29"
    case .notTime: "is no time of day like 12:30:00"
    case .notTimestamp: "is no time like 2024-02-29 12:30:00"
    case .notBytea: #"is no bytes in hexadecimal like \x00ff"#
    case .outOfRange: "is out of the type's range"
    case .tooManyDigits(let kept): "has more than \(kept) digits after the point, and would be rounded"
    case .tooManyWholeDigits(let room): "has more than \(room) digits before the point"
    case .tooLong(let limit): "has more than \(limit) characters"
    case .noInfinity: "is infinite, which a number with a precision cannot be"
    case .hasZone: "has a time zone, which the type would lose: use timestamp with time zone"
    case .nul: "holds a NUL character, which PostgreSQL's text cannot hold"
    case .notUTF8(let place): "is not UTF-8 at its byte \(place + 1)"
    case .json(let problem): "is no JSON: \(problem.reason)"
    }
  }

  /// The whole sentence for a rejected row.
  ///
  /// - Parameters:
  ///   - value: only its beginning is shown.
  func sentence(column: WantedColumn, value: UnsafeRawBufferPointer) -> String {
    let name = if case .field(let name) = column.origin { name } else { "beside the fields" }
    return "column \(name) (\(column.type)): \(Self.excerpt(value)) \(reason)"
  }

  /// At most 40 bytes of a value, with what cannot be shown replaced.
  static func excerpt(_ value: UnsafeRawBufferPointer) -> String {
    let shown = String(decoding: value.prefix(40), as: UTF8.self).unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : String(scalar)
    }
    return "\"\(shown.joined())\(value.count > 40 ? "…" : "")\""
  }
}
