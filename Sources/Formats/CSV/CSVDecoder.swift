import Rows

/// Turns the rows of a window into binary rows: the part of `CSVRows` that does not wait.
struct CSVDecoder: ~Copyable {
  enum Step {
    case batch(FileBatch)
    case needsMore
    case end
  }

  private let dialect: CSVDialect
  private let columns: [WantedColumn]
  private let limits: TextLimits
  private let nullTexts: [[UInt8]]
  private var constants: [[UInt8]] = []
  var window = TextWindow()
  private var splitter: CSVSplitter
  private var encoder: RowEncoder
  private let targets: UnsafeMutableBufferPointer<ColumnTarget>
  private var rejects: [RejectedRow] = []
  private var row = 0
  private var scratch: [UInt8] = []
  private var hasBegun = false
  private var hasEnded = false
  private var failure: FormatError?
  /// The row's beginning is not looked at again until the window is so large.
  private var wanted = 0
  /// The file's columns: those of the header, or c1, c2 and so on once the first row is known.
  private(set) var names: [String]?
  /// How many columns the file has; 0 until that is known.
  private var fieldCount = 0

  init(_ dialect: CSVDialect, _ columns: [WantedColumn], _ limits: TextLimits) throws(FormatError) {
    var list: [ColumnTarget] = []
    for column in columns { list.append(try ColumnTarget(column, &constants)) }
    self.dialect = dialect
    self.columns = columns
    self.limits = limits
    nullTexts = dialect.nullTexts.map { Array($0.utf8) }
    splitter = CSVSplitter(dialect)
    encoder = RowEncoder(columns: columns.count, capacity: Self.batchSize + 64 << 10)
    targets = .allocate(capacity: columns.count)
    _ = targets.initialize(from: list)
  }

  deinit {
    targets.deallocate()
  }

  private static var batchSize: Int { 512 << 10 }

  /// The next batch, if the window holds enough for one. An error comes after the rows that precede it.
  mutating func next() throws(FormatError) -> Step {
    if let failure, encoder.rows == 0, rejects.isEmpty { throw failure }
    if hasEnded { return .end }
    if failure == nil {
      do throws(FormatError) {
        if try !decode() { return .needsMore }
      } catch {
        failure = error
        guard encoder.rows > 0 || !rejects.isEmpty else { throw error }
      }
    }
    return takeBatch()
  }

  private mutating func takeBatch() -> Step {
    if failure == nil { hasEnded = window.isLast && window.count == 0 }
    let batch = FileBatch(encoder.takeBatch(isLast: hasEnded), rejects: rejects)
    rejects = []
    return .batch(batch)
  }

  /// - Returns: whether a batch is to be given out; false where more bytes are needed first.
  private mutating func decode() throws(FormatError) -> Bool {
    if !hasBegun {
      guard window.isLast || window.count >= 64 << 10 else { return false }
      begin()
    }
    if window.count < wanted, !window.isLast { return false }
    wanted = 0
    var at = 0
    defer { window.drop(at) }
    let text = window.bytes
    while at < text.count {
      switch splitter.split(text, from: at, isLast: window.isLast) {
      case .row(let next):
        guard next - at <= limits.line else { throw tooLong(at) }
        try take(text, at..<next)
        at = next
        if encoder.count >= Self.batchSize || rejects.count >= 10_000 { return true }
      case .incomplete:
        let length = text.count - at
        guard length <= limits.line else { throw tooLong(at) }
        // Twice as much the next time: a long row is split a few times, not once for each piece of the file.
        wanted = length * 2
        return false
      case .textAfterQuote(let place, let next):
        row += 1
        reject(at, "text follows the closing quote at byte \(window.offset + Int64(place))")
        at = next
      case .unclosedQuote(let place):
        throw FormatError(
          .truncated, "the quote is not closed", hint: "Is the file whole? Is \(quoteName) its quote?", row: row + 1,
          offset: window.offset + Int64(place))
      }
    }
    if window.isLast, names == nil { try nameColumns([]) }
    return window.isLast
  }

  private var quoteName: String { dialect.quote.map { String(UnicodeScalar($0)) } ?? "nothing" }

  private func tooLong(_ at: Int) -> FormatError {
    limits.tooLong(
      row: row + 1, offset: window.offset + Int64(at), hint: "Perhaps a quote is not closed, or the dialect is another.")
  }

  /// Skips the byte order mark, and tells how lines end.
  private mutating func begin() {
    hasBegun = true
    if window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.drop(3) }
    splitter = CSVSplitter(dialect, newline: CSVDetection.newline(window.bytes, quote: dialect.quote))
  }

  @inline(__always)
  private mutating func take(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) throws(FormatError) {
    if isSkipped(text, range) { return }
    if fieldCount == 0 {
      try nameColumns(fieldTexts(text))
      if dialect.hasHeader { return }
    }
    row += 1
    if splitter.count != fieldCount, !isShortButFits {
      return reject(range.lowerBound, "the row has \(splitter.count) fields, not \(fieldCount)")
    }
    encode(text, range)
  }

  /// Blank lines, but for those of files with one column, where they are NULL; and comments.
  @inline(__always)
  private func isSkipped(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    let first = splitter.fields[0]
    if splitter.count == 1, first.end == first.start, !first.isQuoted, fieldCount != 1 { return true }
    guard let comment = dialect.comment else { return false }
    return !first.isQuoted && first.end > first.start && text[first.start] == comment
  }

  private var isShortButFits: Bool { splitter.count < fieldCount && dialect.missingFields == .null }

  private mutating func fieldTexts(_ text: UnsafeRawBufferPointer) -> [String] {
    (0..<splitter.count).map { index in
      let bytes = raw(splitter.fields[index], text)
      guard splitter.fields[index].isEscaped else { return String(decoding: bytes, as: UTF8.self) }
      splitter.unescape(bytes, isQuoted: splitter.fields[index].isQuoted, into: &scratch)
      return String(decoding: scratch, as: UTF8.self)
    }
  }

  private mutating func nameColumns(_ texts: [String]) throws(FormatError) {
    let found = ColumnNames.unique(dialect.hasHeader ? texts : texts.indices.map { "c\($0 + 1)" })
    names = found
    fieldCount = found.count
    for index in targets.indices {
      guard case .field(let name) = columns[index].origin else { continue }
      guard let place = found.firstIndex(of: name) ?? texts.firstIndex(of: name) else { continue }
      targets[index].source = .field
      targets[index].place = place
    }
  }

  /// A field's bytes, with what quotes and escapes add to them.
  @inline(__always)
  private func raw(_ field: CSVField, _ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: text.baseAddress.unsafelyUnwrapped + field.start, count: field.end - field.start)
  }

  @inline(__always)
  private mutating func write(_ field: CSVField, _ text: UnsafeRawBufferPointer, _ index: Int, _ isClean: Bool) -> ValueProblem? {
    if field.isEscaped { return writeEscaped(field, text, index, isClean) }
    return targets[index].core.write(raw(field, text), isClean: isClean, to: &encoder)
  }

  @inline(never)
  private mutating func writeEscaped(_ field: CSVField, _ text: UnsafeRawBufferPointer, _ index: Int, _ isClean: Bool)
    -> ValueProblem?
  {
    splitter.unescape(raw(field, text), isQuoted: field.isQuoted, into: &scratch)
    return scratch.withUnsafeBytes { targets[index].core.write($0, isClean: isClean, to: &encoder) }
  }

  @inline(__always)
  private mutating func encode(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) {
    // An escape may write a NUL, or a backslash stand before half a character.
    let isClean = window.isClean(range) && dialect.escape == .doubling
    encoder.beginRow()
    for index in 0..<targets.count {
      let place = targets[index].place
      switch targets[index].source {
      case .missing: encoder.null()
      case .field:
        guard place < splitter.count else {
          encoder.null()
          continue
        }
        let field = splitter.fields[place]
        if field.end == field.start, isNullWhenEmpty(field, index) {
          encoder.null()
          continue
        }
        if !nullTexts.isEmpty, !field.isQuoted, isNull(text, field) {
          encoder.null()
        } else if let problem = write(field, text, index, isClean) {
          return reject(range.lowerBound, index, raw(field, text), problem)
        }
      case .constant: encoder.append(constants[place])
      case .rowNumber:
        if let problem = writeRowNumber(index) { return reject(range.lowerBound, "the row's number \(problem.reason)") }
      }
    }
    encoder.endRow()
  }

  /// Types other than text have no empty value: between quotes too it is none.
  @inline(__always)
  private func isNullWhenEmpty(_ field: CSVField, _ index: Int) -> Bool {
    field.isQuoted || !dialect.emptyIsNull ? !targets[index].core.form.isText : true
  }

  private func isNull(_ text: UnsafeRawBufferPointer, _ field: CSVField) -> Bool {
    nullTexts.contains { $0.elementsEqual(text[field.start..<field.end]) }
  }

  private mutating func writeRowNumber(_ index: Int) -> ValueProblem? {
    var digits = "\(row)"
    return digits.withUTF8 { targets[index].core.write(UnsafeRawBufferPointer($0), isClean: true, to: &encoder) }
  }

  @inline(never)
  private mutating func reject(_ at: Int, _ index: Int, _ value: UnsafeRawBufferPointer, _ problem: ValueProblem) {
    encoder.cancelRow()
    reject(at, problem.sentence(column: columns[index], value: value))
  }

  private mutating func reject(_ at: Int, _ reason: String) {
    rejects.append(RejectedRow(row: row, offset: window.offset + Int64(at), reason: reason))
  }
}
