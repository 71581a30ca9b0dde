/// How a file of separated values is written.
public struct CSVDialect: Sendable, Hashable {
  /// How a quote is written within quotes.
  public enum Escape: String, Sendable {
    /// Twice, as RFC 4180 has it.
    case doubling
    /// After a backslash, which also begins `\n` and `\t` and may stand outside quotes.
    case backslash
  }

  /// What to do with a row that has fewer fields than the first one.
  public enum MissingFields: String, Sendable {
    case reject, null
  }

  /// One byte of ASCII.
  public var delimiter: UInt8
  /// One byte of ASCII; nil where quotes are letters like others.
  public var quote: UInt8?
  public var escape: Escape
  /// Whether the first row holds the columns' names. Without one they are called c1, c2 and so on.
  public var hasHeader: Bool
  /// Lines that begin with this byte are skipped.
  public var comment: UInt8?
  /// Whether nothing between two delimiters is NULL; between two quotes it is the empty text.
  public var emptyIsNull: Bool
  /// What else is NULL where it is not in quotes, such as `NULL` or `\N`.
  public var nullTexts: [String]
  public var missingFields: MissingFields
  public var encoding: TextEncoding

  public init(
    delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\""), escape: Escape = .doubling,
    hasHeader: Bool = true, comment: UInt8? = nil, emptyIsNull: Bool = true, nullTexts: [String] = [],
    missingFields: MissingFields = .reject, encoding: TextEncoding = .utf8
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.hasHeader = hasHeader
    self.comment = comment
    self.emptyIsNull = emptyIsNull
    self.nullTexts = nullTexts
    self.missingFields = missingFields
    self.encoding = encoding
  }
}

/// What a text file may cost.
public struct TextLimits: Sendable, Hashable {
  /// The most bytes that one row may have. The setting `max_line_size`.
  public var line: Int

  /// - Parameter line: by default 64 MB; PostgreSQL itself takes a value of at most 1 GB.
  public init(line: Int = 64 << 20) { self.line = line }

  func tooLong(row: Int, offset: Int64, hint: String) -> FormatError {
    FormatError(
      .tooLarge, "a row has more than \(line) bytes", hint: "\(hint) If it is meant to be so long, raise max_line_size.",
      row: row, offset: offset)
  }
}
