/// What lists and maps are, in all the forms that writers gave them: "Nested Types" in `LogicalTypes.md`.
extension SchemaNode {
  /// A field of a group or of the file. One that is repeated without an annotation is a list that is never NULL.
  convenience init(field raw: RawNode) throws(FormatError) {
    guard raw.isRepeated else {
      try self.init(value: raw)
      return
    }
    let element = try SchemaNode(value: raw)
    self.init(
      raw, .list(element, present: raw.definition, repetition: raw.repetition), definition: raw.definition - 1,
      isRequired: true)
  }

  /// The value of a field, its repetition left aside.
  convenience init(value raw: RawNode) throws(FormatError) {
    let isRequired = raw.element.repetition == .required
    if let leaf = raw.leaf {
      self.init(raw, .leaf(leaf), definition: raw.definition, isRequired: isRequired, note: leaf.type.note)
    } else if let shape = try Self.list(raw) {
      self.init(raw, shape, definition: raw.definition, isRequired: isRequired)
    } else if let shape = try Self.map(raw) {
      self.init(raw, shape, definition: raw.definition, isRequired: isRequired)
    } else {
      var fields: [SchemaNode] = []
      for child in raw.children { fields.append(try SchemaNode(field: child)) }
      let note = raw.annotation == .variant ? "VARIANT is kept as its bytes" : nil
      self.init(raw, .structure(fields), definition: raw.definition, isRequired: isRequired, note: note)
    }
  }

  private static func list(_ raw: RawNode) throws(FormatError) -> Shape? {
    guard raw.annotation == .list, raw.children.count == 1, raw.children[0].isRepeated else { return nil }
    let repeated = raw.children[0]
    let element = try isElement(repeated, of: raw) ? SchemaNode(value: repeated) : SchemaNode(field: repeated.children[0])
    return .list(element, present: repeated.definition, repetition: repeated.repetition)
  }

  /// Whether the repeated field is itself the element (two levels), not a wrapping around it (three levels).
  private static func isElement(_ repeated: RawNode, of list: RawNode) -> Bool {
    if repeated.leaf != nil || repeated.children.count > 1 || repeated.children[0].isRepeated { return true }
    if repeated.annotation == .list || repeated.annotation == .map { return true }
    return repeated.element.name == "array" || repeated.element.name == list.element.name + "_tuple"
  }

  private static func map(_ raw: RawNode) throws(FormatError) -> Shape? {
    guard raw.annotation == .map, raw.children.count == 1, raw.children[0].isRepeated else { return nil }
    let pair = raw.children[0]
    guard (1...2).contains(pair.children.count) else { return nil }
    let key = try SchemaNode(field: pair.children[0])
    // Keys alone are a set.
    guard pair.children.count == 2 else {
      return .list(key, present: pair.definition, repetition: pair.repetition)
    }
    let value = try SchemaNode(field: pair.children[1])
    return .map(key: key, value: value, present: pair.definition, repetition: pair.repetition)
  }
}
