import Rows

/// Where one wanted column's fields come from.
final class RowSource {
  enum Kind {
    case constant
    case rowNumber(Target)
    case flat(LeafReader)
    case nested(NestedColumn)
  }

  let kind: Kind
  /// For messages.
  let name: String
  let entries: EntryBuffer
  let readers: [LeafReader]
  private let isConstant: Bool

  init(_ wanted: WantedColumn, _ file: ParquetFile, _ scratch: RunScratch) throws(FormatError) {
    guard let target = Target(wanted.type) else {
      throw FormatError(
        .unsupported, "no value of a Parquet file can be written as \(wanted.type)",
        hint: "Choose another type for the column, such as text.")
    }
    switch wanted.origin {
    case .rowNumber:
      guard target.isNumber || target.isText else { throw Self.mismatch("the row's number", "int64", wanted.type) }
      (kind, name, readers, entries) = (.rowNumber(target), "row number", [], EntryBuffer(hasLevels: false))
    case .constant(let text):
      (kind, name, readers, entries) = (.constant, "constant", [], Self.constant(text, target))
    case .field(let field):
      name = field
      guard let index = file.columns.firstIndex(where: { $0.name == field }) else {
        (kind, readers, entries) = (.constant, [], Self.constant(nil, target))
        break
      }
      let node = file.schema.columns[index]
      if let leaf = node.leaf {
        guard target.takes(leaf.type) else { throw Self.mismatch("column \(field.shown)", leaf.type.name, wanted.type) }
        let reader = LeafReader(leaf, .field(target), scratch)
        (kind, readers, entries) = (.flat(reader), [reader], reader.entries)
      } else {
        guard target.isText || target == .jsonb || target == .json else {
          throw Self.mismatch("column \(field.shown)", node.typeName, wanted.type)
        }
        let leaves = node.leaves.map { LeafReader(file.schema.leaves[$0], .json, scratch) }
        let nested = NestedColumn(node, target, leaves)
        (kind, readers, entries) = (.nested(nested), leaves, nested.rows)
      }
    }
    if case .constant = kind { isConstant = true } else { isConstant = false }
  }

  private static func mismatch(_ what: String, _ type: String, _ wanted: ColumnType) -> FormatError {
    FormatError(
      .unsupported, "\(what) is \(type) in the file and cannot become \(wanted)",
      hint: "Choose another type for the column, such as text, or reload it with the file's own type.")
  }

  private static func constant(_ text: String?, _ target: Target) -> EntryBuffer {
    let entries = EntryBuffer(hasLevels: false)
    var fits = true
    entries.add(1) { encoder, ends in
      if var text {
        fits = text.withUTF8 { TextValue.put(UnsafeRawBufferPointer($0), target, &encoder) }
        if !fits { encoder.null() }
      } else {
        encoder.null()
      }
      ends[0] = encoder.count
    }
    if !fits { entries.misfits[0] = "the value \((text ?? "").shown), which the file's place gives, does not fit \(target.name)" }
    return entries
  }

  /// For the next row group.
  func begin() {
    if case .nested(let nested) = kind { nested.begin() }
    if case .rowNumber = kind { entries.removeAll() }
  }

  /// Rows that can be written.
  var available: Int { isConstant ? .max : entries.count }

  func number(_ count: Int, from first: Int, _ target: Target) {
    for row in first + entries.count..<first + max(count, entries.count) {
      var fits = true
      let entry = entries.origin + entries.count
      entries.add(1) { encoder, ends in
        fits = Scalar.decimal(Int128(row), scale: 0).put(target, &encoder)
        if !fits { encoder.null() }
        ends[0] = encoder.count
      }
      if !fits { entries.misfits[entry] = "the row's number \(row) does not fit \(target.name)" }
    }
  }

  func misfit(_ row: Int) -> String? {
    entries.misfits.isEmpty ? nil : entries.misfits[isConstant ? 0 : entries.origin + row]
  }

  func fields() -> EncodedFields { entries.fields(isConstant: isConstant) }

  func remove(_ rows: Int) {
    if !isConstant { entries.removeFirst(rows) }
  }
}

extension Target {
  var isText: Bool { if case .text = self { true } else { false } }
}
