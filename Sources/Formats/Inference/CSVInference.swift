/// Types of a CSV file's columns from a sample of it.
public enum CSVInference {
  /// - Parameters:
  ///   - sample: the beginning of the file, unpacked, in its own encoding.
  ///   - isWhole: the sample is the whole file; otherwise its last row may be cut.
  /// - Throws: `FormatError` when there is no row to tell the columns by.
  public static func shape(sample: [UInt8], isWhole: Bool, dialect: CSVDialect) throws(FormatError) -> TextShape {
    let text = try SampleText(sample, dialect.encoding).bytes
    let rows = SampleRows.read(text, dialect, isWhole: isWhole).rows
    guard let first = rows.first else {
      throw FormatError(.truncated, text.isEmpty ? "the file is empty" : "the file's beginning holds no whole row")
    }
    let names = ColumnNames.unique(
      dialect.hasHeader
        ? first.map { String(decoding: $0.text, as: UTF8.self) } : first.indices.map { "c\($0 + 1)" })
    var shape = TextShape()
    for name in names { shape.expect(name) }
    let nullTexts = Set(dialect.nullTexts.map { Array($0.utf8) })
    for row in rows.dropFirst(dialect.hasHeader ? 1 : 0) where row.count <= names.count {
      shape.rows += 1
      for (name, field) in zip(names, row) { shape.see(name, value(field, dialect, nullTexts)) }
    }
    return shape
  }

  private static func value(_ field: SampleRows.Field, _ dialect: CSVDialect, _ nullTexts: Set<[UInt8]>) -> ValueClass {
    if !field.isQuoted, field.text.isEmpty && dialect.emptyIsNull || nullTexts.contains(field.text) { return .null }
    return ValueClass.of(field.text)
  }
}
