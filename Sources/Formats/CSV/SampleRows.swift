/// The rows at the beginning of a file, as texts.
struct SampleRows {
  struct Field {
    var text: [UInt8]
    var isQuoted: Bool
  }

  private(set) var rows: [[Field]] = []
  /// Rows with text behind a closing quote, and quotes that are not closed.
  private(set) var malformed = 0

  /// - Parameters:
  ///   - text: UTF-8 without a byte order mark.
  ///   - isWhole: otherwise the last row may be cut, and is left out.
  static func read(_ text: [UInt8], _ dialect: CSVDialect, isWhole: Bool, limit: Int = .max) -> SampleRows {
    var result = SampleRows()
    // The splitter reads eight bytes behind the end.
    let padded = text + [UInt8](repeating: 0, count: 8)
    padded.withUnsafeBytes { result.split(UnsafeRawBufferPointer(rebasing: $0[..<text.count]), dialect, isWhole, limit) }
    return result
  }

  private mutating func split(_ text: UnsafeRawBufferPointer, _ dialect: CSVDialect, _ isWhole: Bool, _ limit: Int) {
    var splitter = CSVSplitter(dialect, newline: CSVDetection.newline(text, quote: dialect.quote))
    var at = 0
    while at < text.count, rows.count < limit {
      switch splitter.split(text, from: at, isLast: isWhole) {
      case .row(let next):
        let row = (0..<splitter.count).map { Self.field(splitter.fields[$0], text, splitter) }
        let isComment = dialect.comment != nil && row[0].text.first == dialect.comment && !row[0].isQuoted
        if !isComment, row.count > 1 || !row[0].text.isEmpty || row[0].isQuoted { rows.append(row) }
        at = next
      case .textAfterQuote(_, let next):
        malformed += 1
        at = next
      case .unclosedQuote:
        malformed += 1
        return
      case .incomplete: return
      }
    }
  }

  private static func field(_ field: CSVField, _ text: UnsafeRawBufferPointer, _ splitter: borrowing CSVSplitter) -> Field {
    let raw = UnsafeRawBufferPointer(rebasing: text[field.start..<field.end])
    guard field.isEscaped else { return Field(text: Array(raw), isQuoted: field.isQuoted) }
    var unescaped: [UInt8] = []
    splitter.unescape(raw, isQuoted: field.isQuoted, into: &unescaped)
    return Field(text: unescaped, isQuoted: field.isQuoted)
  }
}

/// The beginning of a text file as UTF-8, without its byte order mark.
struct SampleText {
  let bytes: [UInt8]

  init(_ sample: [UInt8], _ encoding: TextEncoding) throws(FormatError) {
    var transcoder = Transcoder(encoding)
    var text = try transcoder.transcode(sample)
    // What is cut at the end of a sample is no error.
    if encoding != .utf8 || !sample.starts(with: [0xFF, 0xFE]) && !sample.starts(with: [0xFE, 0xFF]) {
      text += (try? transcoder.finish()) ?? []
    }
    bytes = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
  }
}
