// Times as text in ClickHouse's patterns, and back.

extension FunctionTable {
  static let timeTexts: [FunctionDefinition] = [
    .scalar("formatDateTime", "to_char", returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      try call.requireString(1)
      return .string
    }) { (call) throws(QueryError) in
      let local = try call.clock(0, zone: 2).local()
      let offset = call.clock(0, zone: 2)
      guard let pattern = TimePattern(try call.constantString(1)) else {
        throw call.error(
          1, "The pattern of \(call.name) has a % without a known letter after it.",
          hint: "For instance '%Y-%m-%d %H:%i:%S'; a plain percent is '%%'.")
      }
      var parts: [SQLExpr] = []
      for piece in pattern.pieces {
        switch piece {
        case .postgres(let format): parts.append(.call("to_char", local, .string(format)))
        case .century:
          let century = SQLExpr.call("floor", SQLExpr.extract("YEAR", local).op(.divide, .integer(100)))
          parts.append(.call("to_char", century.cast(to: .integer), .string("FM00")))
        case .weekday: parts.append(SQLExpr.extract("DOW", local).cast(to: .text))
        case .offset: parts.append(.hogql("offset_text", try offset.moment(), local))
        }
      }
      guard let first = parts.first else { return .when(local.isNotNull, then: .text("")) }
      return parts.dropFirst().reduce(first) { $0.op(.concat, $1) }
    },
    .scalar("parseDateTime", nulls: .own, returns: { (call) throws(QueryError) in
      try call.requireString(0, 1)
      return HogQLType(.dateTime(precision: 0, zone: call.constant(2)?.string), isNullable: true)
    }) { (call) throws(QueryError) in
      let format = try call.constantString(1)
      guard TimePattern(format) != nil, !format.contains("%Q"), !format.contains("%w") else {
        throw call.error(1, "The pattern of \(call.name) has a % without a letter that can be read.")
      }
      return .hogql(
        "parse_date_time", try call.typed(0), .text(format), .text(call.constant(2)?.string ?? call.timeZone))
    },
    .scalar("monthName", returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      return .string
    }) { (call) throws(QueryError) in .call("to_char", try call.clock(0).local(), .string("FMMonth")) },
    .scalar("dateName", returns: { (call) throws(QueryError) in
      guard let name = call.constant(0)?.string, nameFormats[name.lowercased()] != nil else {
        throw QueryError(
          "The part of dateName must be a constant such as 'weekday', 'month' or 'year'.", at: call.span(0))
      }
      try call.requireTemporal(1)
      return .string
    }) { (call) throws(QueryError) in
      let format = nameFormats[try call.constantString(0).lowercased()] ?? "YYYY"
      return .call("to_char", try call.clock(1, zone: 2).local(), .string(format))
    },
  ]

  private static let nameFormats = [
    "year": "YYYY", "quarter": "Q", "month": "FMMonth", "dayofyear": "FMDDD", "day": "FMDD", "week": "FMIW",
    "weekday": "FMDay", "hour": "FMHH24", "minute": "FMMI", "second": "FMSS",
  ]
}

/// A pattern of `formatDateTime`, as patterns of Postgres and what they cannot say.
struct TimePattern {
  enum Piece: Hashable {
    /// A pattern of `to_char`.
    case postgres(String)
    /// The first two digits of the year.
    case century
    /// 0 to 6 from Sunday.
    case weekday
    case offset
  }

  private(set) var pieces: [Piece] = []

  /// Nil when a letter after a percent sign is unknown.
  init?(_ text: String) {
    var characters = text.makeIterator()
    while let character = characters.next() {
      guard character == "%" else {
        literal(character)
        continue
      }
      switch characters.next() {
      case "C"?: pieces.append(.century)
      case "w"?: pieces.append(.weekday)
      case "z"?: pieces.append(.offset)
      case "n"?: literal("\n")
      case "t"?: literal("\t")
      case "%"?: literal("%")
      case let letter?:
        guard let format = Self.formats[letter] else { return nil }
        append(format)
      case nil: return nil
      }
    }
  }

  private static let formats: [Character: String] = [
    "a": "Dy", "b": "Mon", "c": "MM", "d": "DD", "D": "MM/DD/YY", "e": "FMDD", "f": "US", "F": "YYYY-MM-DD",
    "g": "IY", "G": "IYYY", "h": "HH12", "H": "HH24", "i": "MI", "I": "HH12", "j": "DDD", "k": "HH24", "l": "HH12",
    "m": "MM", "M": "FMMonth", "p": "AM", "Q": "Q", "r": "HH12:MI AM", "R": "HH24:MI", "s": "SS", "S": "SS",
    "T": "HH24:MI:SS", "u": "ID", "V": "IW", "W": "FMDay", "y": "YY", "Y": "YYYY",
  ]

  private mutating func append(_ format: String) {
    if case .postgres(let before)? = pieces.last {
      pieces[pieces.count - 1] = .postgres(before + format)
    } else {
      pieces.append(.postgres(format))
    }
  }

  /// Separators stand as they are, everything else in quotes.
  private mutating func literal(_ character: Character) {
    switch character {
    case "-", "/", ":", ".", ",", " ": append(String(character))
    case "\"", "\\": append("\"\\\(character)\"")
    default: append("\"\(character)\"")
    }
  }
}
