/// Tells from the beginning of a file how it is written.
public enum CSVDetection {
  private static let delimiters: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
  /// More rows do not make a guess better.
  private static let rows = 200

  /// The dialect that gives the rows of the sample the same number of fields, and as many of them as can be.
  ///
  /// - Parameters:
  ///   - sample: the beginning of the file, unpacked, in its own encoding.
  ///   - isWhole: the sample is the whole file; otherwise its last row may be cut.
  ///   - known: what the user said of the encoding, the comments and the NULLs; the rest of it is guessed anew.
  public static func dialect(sample: [UInt8], isWhole: Bool, known: CSVDialect = CSVDialect()) throws(FormatError) -> CSVDialect {
    var dialect = known
    let text = try SampleText(sample, known.encoding).bytes
    dialect.quote = quote(text)
    var best: Fit?
    for delimiter in delimiters {
      for escape in [CSVDialect.Escape.doubling, .backslash] {
        dialect.delimiter = delimiter
        dialect.escape = escape
        if escape == .backslash, !hasEscapedQuote(text, dialect.quote) { continue }
        let fit = Fit(dialect, SampleRows.read(text, dialect, isWhole: isWhole, limit: rows))
        if best.map({ fit.isBetter(than: $0) }) ?? true { best = fit }
      }
    }
    guard let best else { return known }
    dialect = best.dialect
    dialect.hasHeader = hasHeader(best.rows)
    return dialect
  }

  /// The byte that ends lines: CR where no LF stands outside quotes in what is there.
  static func newline(_ text: UnsafeRawBufferPointer, quote: UInt8?) -> UInt8 {
    var isQuoted = false
    var hasCR = false
    for byte in text {
      if byte == quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") { return byte }
      if byte == UInt8(ascii: "\r") { hasCR = true }
    }
    return hasCR && !text.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
  }

  /// A single quote only where it begins fields and there is no double one.
  private static func quote(_ text: [UInt8]) -> UInt8 {
    let single = UInt8(ascii: "'")
    guard !text.contains(UInt8(ascii: "\"")), text.contains(single) else { return UInt8(ascii: "\"") }
    let marks = Set(delimiters + [UInt8(ascii: "\n"), UInt8(ascii: "\r")])
    var (opening, others) = (0, 0)
    for index in text.indices where text[index] == single {
      let begins = index == 0 || marks.contains(text[index - 1])
      let ends = index + 1 == text.count || marks.contains(text[index + 1])
      if begins || ends { opening += 1 } else { others += 1 }
    }
    return opening > 1 && opening % 2 == 0 && others == 0 ? single : UInt8(ascii: "\"")
  }

  private static func hasEscapedQuote(_ text: [UInt8], _ quote: UInt8?) -> Bool {
    text.indices.dropFirst().contains { text[$0] == quote && text[$0 - 1] == UInt8(ascii: "\\") }
  }

  /// The first row is a header unless one of its fields is of the type of the fields below it, or stands alone.
  private static func hasHeader(_ rows: [[SampleRows.Field]]) -> Bool {
    guard let first = rows.first else { return true }
    let isTyped = first.map { ValueClass.of($0.text).isTyped }
    guard isTyped.contains(true) else { return true }
    guard rows.count > 1 else { return false }
    // Years over columns of numbers are names when a name stands over other numbers.
    let below = first.indices.map { column in
      rows.dropFirst().allSatisfy { $0.count <= column || $0[column].text.isEmpty || ValueClass.of($0[column].text).isTyped }
    }
    return zip(isTyped, below).contains { !$0 && $1 }
  }

  /// How well a dialect fits the rows of a sample.
  private struct Fit {
    var dialect: CSVDialect
    var rows: [[SampleRows.Field]]
    /// How many fields most rows have.
    var width: Int
    /// The share of the rows that have so many, malformed rows counted against it.
    var share: Double

    init(_ dialect: CSVDialect, _ sample: SampleRows) {
      self.dialect = dialect
      rows = sample.rows
      var counts: [Int: Int] = [:]
      for row in sample.rows { counts[row.count, default: 0] += 1 }
      let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
      share = Double(most?.value ?? 0) / Double(max(1, sample.rows.count + sample.malformed))
      // Where most rows differ, the delimiter is a letter that stands in some of them.
      width = share >= 0.5 ? most?.key ?? 0 : 1
    }

    func isBetter(than other: Fit) -> Bool {
      if (width > 1) != (other.width > 1) { return width > 1 }
      if abs(share - other.share) > 0.02 { return share > other.share }
      return width > other.width
    }
  }
}
