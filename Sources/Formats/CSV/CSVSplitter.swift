/// A field of a row, as places in the window.
struct CSVField {
  var start: Int
  var end: Int
  var isQuoted = false
  /// Quotes in it are doubled, or something in it is escaped.
  var isEscaped = false
}

/// Finds where the fields of a row begin and end. Looks at eight bytes at a time, and changes none.
///
/// The rules are RFC 4180's, and for what it leaves open: a quote within an unquoted field is a letter; after a closing
/// quote only a delimiter or the end of the line may follow.
struct CSVSplitter: ~Copyable {
  enum Outcome: Equatable {
    /// The fields are known; the next row begins at a place.
    case row(next: Int)
    /// The row goes on in what is not there yet.
    case incomplete
    /// Letters after a closing quote, at a place. The next row begins behind the line.
    case textAfterQuote(at: Int, next: Int)
    /// The text ends within quotes that were opened at a place.
    case unclosedQuote(at: Int)
  }

  private let quote: UInt8
  private let hasQuote: Bool
  private let hasBackslash: Bool
  private let delimiters: UInt64
  private let newlines: UInt64
  private let delimiter: UInt8
  private let newline: UInt8
  private var capacity = 64
  /// The fields of the row found last.
  private(set) var fields: UnsafeMutablePointer<CSVField>
  private(set) var count = 0

  /// - Parameter newline: LF, which also ends lines of CRLF, or CR.
  init(_ dialect: CSVDialect, newline: UInt8 = UInt8(ascii: "\n")) {
    quote = dialect.quote ?? 0
    hasQuote = dialect.quote != nil
    hasBackslash = dialect.escape == .backslash
    delimiter = dialect.delimiter
    self.newline = newline
    delimiters = ByteScan.ones &* UInt64(dialect.delimiter)
    newlines = ByteScan.ones &* UInt64(newline)
    fields = .allocate(capacity: 64)
  }

  deinit { fields.deallocate() }

  /// Splits the row that begins at a place.
  ///
  /// - Parameters:
  ///   - text: eight bytes behind it may be read.
  ///   - isLast: nothing comes after the text.
  mutating func split(_ text: UnsafeRawBufferPointer, from start: Int, isLast: Bool) -> Outcome {
    let base = text.baseAddress.unsafelyUnwrapped
    count = 0
    var field = start
    var word = start
    var found = marks(base, word)
    while true {
      if hasQuote, field < text.count, base.load(fromByteOffset: field, as: UInt8.self) == quote {
        let outcome = quoted(text, field, isLast)
        guard case .row(let end) = outcome else { return outcome }
        if end >= text.count { return isLast ? .row(next: end) : .incomplete }
        if text[end] != delimiter { return endOfLine(text, end, isLast) }
        field = end + 1
        word = field
        found = marks(base, word)
        continue
      }
      while found == 0 {
        word += 8
        if word >= text.count { break }
        found = marks(base, word)
      }
      let at = found == 0 ? text.count : word + found.trailingZeroBitCount >> 3
      if at >= text.count {
        guard isLast else { return .incomplete }
        append(text, field, text.count)
        return .row(next: text.count)
      }
      found &= found &- 1
      if hasBackslash, isEscaped(text, at, field) { continue }
      if base.load(fromByteOffset: at, as: UInt8.self) == delimiter {
        append(text, field, at)
        field = at + 1
      } else {
        let isCRLF = at > field && text[at - 1] == UInt8(ascii: "\r") && newline == UInt8(ascii: "\n")
        append(text, field, isCRLF ? at - 1 : at)
        return .row(next: at + 1)
      }
    }
  }

  @inline(__always)
  private func marks(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
    let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    return ByteScan.zeros(word ^ delimiters) | ByteScan.zeros(word ^ newlines)
  }

  @inline(__always)
  private mutating func append(_ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    var field = CSVField(start: start, end: end)
    if hasBackslash { field.isEscaped = text[start..<end].contains(UInt8(ascii: "\\")) }
    append(field)
  }

  @inline(__always)
  private mutating func append(_ field: CSVField) {
    if count == capacity { grow() }
    fields[count] = field
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<CSVField>.allocate(capacity: capacity * 2)
    larger.update(from: fields, count: count)
    fields.deallocate()
    (fields, capacity) = (larger, capacity * 2)
  }

  /// A field in quotes: `.row` with the place behind it, which is the end or holds a delimiter or the end of a line.
  private mutating func quoted(_ text: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool) -> Outcome {
    var field = CSVField(start: start + 1, end: start + 1, isQuoted: true)
    var at = start + 1
    while true {
      at = hasBackslash ? quoteOrBackslash(text, at) : ByteScan.first(quote, in: text, from: at)
      guard at < text.count else { return isLast ? .unclosedQuote(at: start) : .incomplete }
      if hasBackslash, text[at] == UInt8(ascii: "\\") {
        field.isEscaped = true
        at += 2
        continue
      }
      if at + 1 == text.count {
        if isLast { break }
        return .incomplete
      }
      guard text[at + 1] == quote else { break }
      field.isEscaped = true
      at += 2
    }
    field.end = at
    append(field)
    let next = at + 1
    guard next < text.count, text[next] != delimiter, text[next] != newline else { return .row(next: next) }
    if newline == UInt8(ascii: "\n"), text[next] == UInt8(ascii: "\r") {
      if next + 1 == text.count { return isLast ? .row(next: next) : .incomplete }
      if text[next + 1] == newline { return .row(next: next) }
    }
    let lineEnd = ByteScan.first(newline, in: text, from: next)
    if lineEnd == text.count, !isLast { return .incomplete }
    return .textAfterQuote(at: next, next: min(lineEnd + 1, text.count))
  }

  private func quoteOrBackslash(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    text[min(start, text.count)...].firstIndex { $0 == quote || $0 == UInt8(ascii: "\\") } ?? text.count
  }

  /// The end of a line behind a quoted field, at a place: LF, CR, or CR and LF.
  private func endOfLine(_ text: UnsafeRawBufferPointer, _ at: Int, _ isLast: Bool) -> Outcome {
    .row(next: text[at] == newline ? at + 1 : min(at + 2, text.count))
  }

  /// Whether an odd number of backslashes stands before a place.
  private func isEscaped(_ text: UnsafeRawBufferPointer, _ at: Int, _ field: Int) -> Bool {
    text[field..<at].reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1
  }

  /// A field's text without what quotes and escapes add to it.
  func unescape(_ field: UnsafeRawBufferPointer, isQuoted: Bool, into result: inout [UInt8]) {
    result.removeAll(keepingCapacity: true)
    var at = 0
    while at < field.count {
      let byte = field[at]
      at += 1
      if hasBackslash, byte == UInt8(ascii: "\\"), at < field.count {
        result.append(Self.escaped(field[at]))
        at += 1
      } else {
        result.append(byte)
        if isQuoted, byte == quote { at += 1 }
      }
    }
  }

  /// What a letter after a backslash stands for, as MySQL and ClickHouse write it.
  private static func escaped(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "f"): 12
    case UInt8(ascii: "0"): 0
    default: letter
    }
  }
}
