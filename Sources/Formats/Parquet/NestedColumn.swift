import Rows

/// Puts the leaves of a nested column together again: one JSON document for each row ("Nested Encoding" in the format's
/// README, after the Dremel paper).
///
/// Lists become arrays and groups objects. A map becomes an object when its keys are single values, which are then written
/// as text; of equal keys `jsonb` keeps the last. A map with groups as keys becomes an array of pairs.
final class NestedColumn {
  let leaves: [LeafReader]
  /// The rows as fields.
  let rows = EntryBuffer(hasLevels: false)
  private let root: Node
  private let target: Target
  let name: String
  /// For each leaf: the next entry, and where the row's entries end.
  private var next: [Int]
  private var end: [Int]
  private var misfit: String?
  /// Where the row's document begins in the rows' bytes.
  private var documentStart = 0
  /// The row, for errors.
  private var row = 0

  /// The tree with the leaves' places among this column's own.
  private struct Node {
    indirect enum Shape {
      case leaf(Int, definition: Int)
      case structure([(key: [UInt8], Node)])
      case list(Node, present: Int, repetition: Int)
      case object(key: Int, value: Node, present: Int, repetition: Int)
      case pairs(key: Node, value: Node, present: Int, repetition: Int)
    }

    var shape: Shape
    var definition: Int
    var leaves: Range<Int>
  }

  init(_ node: SchemaNode, _ target: Target, _ readers: [LeafReader]) {
    leaves = readers
    self.target = target
    name = node.name
    var first = 0
    root = Self.place(node, &first)
    next = Array(repeating: 0, count: readers.count)
    end = next
  }

  private static func place(_ node: SchemaNode, _ first: inout Int) -> Node {
    let start = first
    let shape: Node.Shape
    switch node.shape {
    case .leaf(let leaf):
      shape = .leaf(first, definition: leaf.maxDefinition)
      first += 1
    case .structure(let fields):
      shape = .structure(fields.map { (ParquetJSONText.string($0.name) + [UInt8(ascii: ":")], place($0, &first)) })
    case .list(let element, let present, let repetition):
      shape = .list(place(element, &first), present: present, repetition: repetition)
    case .map(let key, let value, let present, let repetition):
      let placed = place(key, &first)
      let value = place(value, &first)
      if case .leaf(let index, _) = placed.shape {
        shape = .object(key: index, value: value, present: present, repetition: repetition)
      } else {
        shape = .pairs(key: placed, value: value, present: present, repetition: repetition)
      }
    }
    return Node(shape: shape, definition: node.definition, leaves: start..<first)
  }

  /// For the next row group.
  func begin() { rows.removeAll() }

  /// How many entries make up the next row of a leaf; nil when that is not known before more are decoded.
  ///
  /// - Parameter from: where the row begins.
  static func rowLength(_ reader: LeafReader, from start: Int) -> Int? {
    let entries = reader.entries
    guard start < entries.count else { return nil }
    var at = start + 1
    while at < entries.count {
      if entries.repetitions[at] == 0 { return at - start }
      at += 1
    }
    return reader.isFinished ? at - start : nil
  }

  /// Writes rows that all leaves have whole: at least one, and fewer than `count` when they take much room.
  ///
  /// - Parameter firstRow: the number in the file of the first of them, for errors.
  func assemble(_ count: Int, firstRow: Int) throws(FormatError) {
    for index in leaves.indices { (next[index], end[index]) = (0, 0) }
    row = firstRow
    while row - firstRow < count, row == firstRow || rows.encoder.count < ParquetLimits.ahead {
      for index in leaves.indices {
        guard next[index] == end[index] else { throw disagree() }
        guard leaves[index].entries.repetitions[next[index]] == 0,
          let length = Self.rowLength(leaves[index], from: next[index])
        else { throw disagree() }
        end[index] += length
      }
      try assembleRow()
      row += 1
    }
    for index in leaves.indices {
      guard next[index] == end[index] else { throw disagree() }
      leaves[index].removeRows(row - firstRow, entries: next[index])
    }
  }

  private func assembleRow() throws(FormatError) {
    misfit = nil
    let entry = rows.origin + rows.count
    if isNull(root) {
      for index in leaves.indices { try skip(index) }
      rows.add(1) { encoder, ends in
        encoder.null()
        ends[0] = encoder.count
      }
      return
    }
    var failure: FormatError?
    rows.add(1) { encoder, ends in
      let mark = encoder.count
      documentStart = encoder.beginValue()
      if target == .jsonb { encoder.put(UInt8(1)) }
      do throws(FormatError) { try write(root, &encoder) } catch { failure = error }
      encoder.endValue(documentStart)
      if misfit != nil {
        encoder.truncate(to: mark)
        encoder.null()
      }
      ends[0] = encoder.count
    }
    if let failure { throw failure }
    if let misfit { rows.misfits[entry] = misfit }
  }

  private func isNull(_ node: Node) -> Bool {
    let first = node.leaves.lowerBound
    return next[first] < end[first] && Int(leaves[first].entries.definitions[next[first]]) < node.definition
  }

  private func disagree() -> FormatError {
    FormatError(.corrupt, "the parts of column \(name.shown) do not fit together", row: row)
  }

  /// The definition level of the next entry.
  private func definition(_ leaf: Int) throws(FormatError) -> Int {
    guard next[leaf] < end[leaf] else { throw disagree() }
    return Int(leaves[leaf].entries.definitions[next[leaf]])
  }

  private func skip(_ leaf: Int) throws(FormatError) {
    guard next[leaf] < end[leaf] else { throw disagree() }
    next[leaf] += 1
  }

  /// Writes what stands for a value that is not there, and moves on in all its leaves.
  private func writeAbsent(_ text: StaticString, _ node: Node, _ encoder: inout RowEncoder) throws(FormatError) {
    for leaf in node.leaves { try skip(leaf) }
    encoder.append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private func write(_ node: Node, _ encoder: inout RowEncoder) throws(FormatError) {
    let level = try definition(node.leaves.lowerBound)
    if encoder.count - documentStart > ParquetLimits.document {
      misfit = "column \(name.shown): the value is more than \(ParquetLimits.document) bytes of JSON"
      encoder.truncate(to: documentStart)
    }
    if level < node.definition { return try writeAbsent("null", node, &encoder) }
    switch node.shape {
    case .leaf(let index, _): try writeLeaf(index, &encoder)
    case .structure(let fields):
      encoder.put(UInt8(ascii: "{"))
      for (index, field) in fields.enumerated() {
        if index > 0 { encoder.put(UInt8(ascii: ",")) }
        encoder.append(field.key)
        try write(field.1, &encoder)
      }
      encoder.put(UInt8(ascii: "}"))
    case .list(let element, let present, let repetition):
      if level < present { return try writeAbsent("[]", node, &encoder) }
      encoder.put(UInt8(ascii: "["))
      try repeating(node, repetition, &encoder) { (encoder) throws(FormatError) in try write(element, &encoder) }
      encoder.put(UInt8(ascii: "]"))
    case .object(let key, let value, let present, let repetition):
      if level < present { return try writeAbsent("{}", node, &encoder) }
      encoder.put(UInt8(ascii: "{"))
      try repeating(node, repetition, &encoder) { (encoder) throws(FormatError) in
        try writeKey(key, &encoder)
        encoder.put(UInt8(ascii: ":"))
        try write(value, &encoder)
      }
      encoder.put(UInt8(ascii: "}"))
    case .pairs(let key, let value, let present, let repetition):
      if level < present { return try writeAbsent("[]", node, &encoder) }
      encoder.put(UInt8(ascii: "["))
      try repeating(node, repetition, &encoder) { (encoder) throws(FormatError) in
        encoder.put(UInt8(ascii: "["))
        try write(key, &encoder)
        encoder.put(UInt8(ascii: ","))
        try write(value, &encoder)
        encoder.put(UInt8(ascii: "]"))
      }
      encoder.put(UInt8(ascii: "]"))
    }
  }

  /// Calls `body` for each element, with commas between them.
  private func repeating(
    _ node: Node, _ repetition: Int, _ encoder: inout RowEncoder, _ body: (inout RowEncoder) throws(FormatError) -> Void
  ) throws(FormatError) {
    let first = node.leaves.lowerBound
    while true {
      try body(&encoder)
      guard next[first] < end[first], Int(leaves[first].entries.repetitions[next[first]]) >= repetition else { return }
      encoder.put(UInt8(ascii: ","))
    }
  }

  private func writeLeaf(_ index: Int, _ encoder: inout RowEncoder) throws(FormatError) {
    let entries = leaves[index].entries
    let entry = next[index]
    if !entries.misfits.isEmpty, misfit == nil { misfit = entries.misfits[entries.origin + entry] }
    encoder.append(entries.encoder, from: entries.start(entry), to: entries.ends[entry])
    try skip(index)
  }

  /// Keys are strings in JSON, whatever they are in the file.
  private func writeKey(_ index: Int, _ encoder: inout RowEncoder) throws(FormatError) {
    let entries = leaves[index].entries
    if try definition(index) < leaves[index].leaf.maxDefinition { misfit = "column \(name.shown): a map has a key that is NULL" }
    let start = entries.start(next[index])
    let length = entries.ends[next[index]] - start
    let isQuoted = entries.encoder.withBytes { length > 0 && $0[start] == UInt8(ascii: "\"") }
    if !isQuoted { encoder.put(UInt8(ascii: "\"")) }
    try writeLeaf(index, &encoder)
    if !isQuoted { encoder.put(UInt8(ascii: "\"")) }
  }
}
