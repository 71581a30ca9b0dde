extension JSONValue {
  /// How a value is laid out.
  public enum Layout: Sendable, Hashable {
    /// On one line, without spaces.
    case compact
    /// Each element and member on a line of its own, indented by two spaces.
    case pretty
  }

  /// The value as JSON text, without a line end after it. Control characters are escaped, also those that
  /// JSON allows, so that the text is safe on a terminal.
  public func text(_ layout: Layout = .compact) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  let layout: JSONValue.Layout
  var bytes: [UInt8] = []
  private var depth = 0

  init(layout: JSONValue.Layout) { self.layout = layout }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    // What is no number in JSON, such as numeric's NaN, is a string rather than a broken text.
    case .number(let text): if JSONParser.isNumber(text) { append(text) } else { write(text) }
    case .string(let text): write(text)
    case .array(let elements):
      write(elements, between: ("[", "]")) { writer, element in writer.write(element) }
    case .object(let members):
      write(members, between: ("{", "}")) { writer, member in
        writer.write(member.key)
        writer.append(writer.layout == .pretty ? ": " : ":")
        writer.write(member.value)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item], between ends: (String, String), each: (inout JSONWriter, Item) -> Void
  ) {
    append(ends.0)
    depth += 1
    for (index, item) in items.enumerated() {
      if index > 0 { append(",") }
      breakLine()
      each(&self, item)
    }
    depth -= 1
    if !items.isEmpty { breakLine() }
    append(ends.1)
  }

  private mutating func breakLine() {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func write(_ text: String) {
    append("\"")
    defer { append("\"") }
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    if isPlain { return append(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append(#"\""#)
      case "\\": append(#"\\"#)
      case "\n": append(#"\n"#)
      case "\r": append(#"\r"#)
      case "\t": append(#"\t"#)
      case "\u{8}": append(#"\b"#)
      case "\u{C}": append(#"\f"#)
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": appendEscape(of: scalar)
      default: bytes.append(contentsOf: UTF8.encode(scalar)!)
      }
    }
  }

  private mutating func appendEscape(of scalar: Unicode.Scalar) {
    let digits = String(scalar.value, radix: 16)
    append(#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits)
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
