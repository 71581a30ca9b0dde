/// The columns of a file, nested ones as trees.
struct ParquetSchema: Sendable {
  /// The file's columns, in its order.
  var columns: [SchemaNode] = []
  /// The leaves, in the order in which each row group lists its chunks.
  var leaves: [SchemaLeaf] = []

  init(_ elements: [SchemaElement]) throws(FormatError) {
    guard let root = elements.first, root.physicalType == nil else { throw FormatError(.corrupt, "the footer has no schema") }
    var builder = SchemaBuilder(elements: elements)
    builder.at = 1
    for _ in 0..<max(0, root.childCount) {
      let raw = try builder.next(definition: 0, repetition: 0, depth: 1, path: [])
      columns.append(try SchemaNode(field: raw))
    }
    leaves = builder.leaves
    guard builder.at == elements.count else { throw FormatError(.corrupt, "the schema has fields that belong to no group") }
  }
}

/// A column of single values.
struct SchemaLeaf: Sendable, Hashable {
  var index: Int
  /// `a.b.c`, for messages.
  var path: String
  var physical: PhysicalType
  var type: LeafType
  var maxDefinition: Int
  var maxRepetition: Int
}

/// A value in the sense of the user, whatever levels of groups the file has for it.
final class SchemaNode: Sendable {
  enum Shape: Sendable {
    case leaf(SchemaLeaf)
    case structure([SchemaNode])
    /// `present`: the definition level from which there is an element; `repetition`: the level that begins another one.
    case list(SchemaNode, present: Int, repetition: Int)
    case map(key: SchemaNode, value: SchemaNode, present: Int, repetition: Int)
  }

  let name: String
  let fieldID: Int32?
  let shape: Shape
  /// The definition level from which the value is not NULL.
  let definition: Int
  let isRequired: Bool
  /// All the leaves below, by their place in the schema.
  let leaves: [Int]
  let note: String?

  init(_ raw: RawNode, _ shape: Shape, definition: Int, isRequired: Bool, note: String? = nil) {
    (name, fieldID, self.shape, self.definition) = (raw.element.name, raw.element.fieldID, shape, definition)
    (self.isRequired, self.note) = (isRequired, note)
    leaves =
      switch shape {
      case .leaf(let leaf): [leaf.index]
      case .structure(let fields): fields.flatMap(\.leaves)
      case .list(let element, _, _): element.leaves
      case .map(let key, let value, _, _): key.leaves + value.leaves
      }
  }

  /// The leaf where the node is one, not repeated.
  var leaf: SchemaLeaf? { if case .leaf(let leaf) = shape { leaf } else { nil } }

  /// As people write it: `list<int64>`.
  var typeName: String {
    switch shape {
    case .leaf(let leaf): leaf.type.name
    case .structure(let fields):
      "struct<\(fields.prefix(8).map { "\($0.name) \($0.typeName)" }.joined(separator: ", "))\(fields.count > 8 ? ", ..." : "")>"
    case .list(let element, _, _): "list<\(element.typeName)>"
    case .map(let key, let value, _, _): "map<\(key.typeName), \(value.typeName)>"
    }
  }
}

/// A field as the file writes it, with the levels at which it is there.
struct RawNode {
  var element: SchemaElement
  var definition: Int
  var repetition: Int
  var children: [RawNode] = []
  var leaf: SchemaLeaf?

  var isRepeated: Bool { element.repetition == .repeated }
  var annotation: Annotation? { element.annotation ?? Annotation(converted: element) }
}

/// Makes a tree of the list in the footer.
private struct SchemaBuilder {
  let elements: [SchemaElement]
  var at = 0
  var leaves: [SchemaLeaf] = []

  mutating func next(definition: Int, repetition: Int, depth: Int, path: [String]) throws(FormatError) -> RawNode {
    guard at < elements.count else { throw FormatError(.corrupt, "the schema lacks fields of a group") }
    guard depth <= ParquetLimits.depth else {
      throw FormatError(.tooLarge, "the schema is nested more than \(ParquetLimits.depth) levels deep")
    }
    let element = elements[at]
    at += 1
    guard element.repetition != .vector else {
      throw FormatError(.unsupported, "the field \(element.name.shown) is a VECTOR, which is not read")
    }
    var node = RawNode(
      element: element, definition: definition + (element.repetition == .required ? 0 : 1),
      repetition: repetition + (element.repetition == .repeated ? 1 : 0))
    let path = path + [element.name]
    if element.physicalType != nil {
      let physical = try PhysicalType(element)
      let leaf = SchemaLeaf(
        index: leaves.count, path: path.joined(separator: "."), physical: physical,
        type: try LeafType(element, physical), maxDefinition: node.definition, maxRepetition: node.repetition)
      leaves.append(leaf)
      node.leaf = leaf
      return node
    }
    guard element.childCount > 0 else {
      throw FormatError(.corrupt, "the field \(element.name.shown) has neither a type nor fields of its own")
    }
    for _ in 0..<element.childCount {
      node.children.append(
        try next(definition: node.definition, repetition: node.repetition, depth: depth + 1, path: path))
    }
    return node
  }
}
