/// Reads the XML that object stores send, piece by piece: elements, attributes, text, the five named and the numbered
/// entities, CDATA. Comments, declarations and processing instructions are skipped; a document type is refused, so
/// that no entity of its own can grow.
struct XMLReader {
  enum Event: Equatable {
    /// Names without their namespace's prefix.
    case start(String, attributes: [String: String])
    case text(String)
    case end(String)
  }

  private let bytes: [UInt8]
  private var position = 0
  private var open: [String] = []
  /// The end of an element that had none of its own: `<a/>`.
  private var pendingEnd: String?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next piece; nil at the document's end. Throws `XMLError` for what is not well formed.
  mutating func next() throws(XMLError) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      open.removeLast()
      return .end(name)
    }
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        let text = try entities(until: "<")
        if open.isEmpty {
          guard text.allSatisfy({ $0.isWhitespace || $0 == "\u{FEFF}" }) else { throw fail("text outside of the document") }
          continue
        }
        return .text(text)
      }
      if skips("<?") {
        try pass("?>")
      } else if skips("<!--") {
        try pass("-->")
      } else if skips("<![CDATA[") {
        let start = position
        try pass("]]>")
        return .text(String(decoding: bytes[start..<(position - 3)], as: UTF8.self))
      } else if skips("<!") {
        throw fail("a document type")
      } else if skips("</") {
        return try end()
      } else {
        return try start()
      }
    }
    guard open.isEmpty else { throw fail("an end before its time") }
    return nil
  }

  private mutating func end() throws(XMLError) -> Event {
    let name = try name()
    skipBlanks()
    guard skips(">"), open.last == name else { throw fail("an end that fits no start") }
    open.removeLast()
    return .end(name)
  }

  private mutating func start() throws(XMLError) -> Event {
    position += 1
    let name = try name()
    guard open.count < 64 else { throw fail("too many levels") }
    open.append(name)
    var attributes: [String: String] = [:]
    while true {
      skipBlanks()
      if skips("/>") {
        pendingEnd = name
        return .start(name, attributes: attributes)
      }
      if skips(">") { return .start(name, attributes: attributes) }
      let attribute = try self.name()
      skipBlanks()
      guard skips("=") else { throw fail("an attribute without a value") }
      skipBlanks()
      let quote: Character = skips("\"") ? "\"" : "'"
      guard quote == "\"" || skips("'") else { throw fail("an attribute without quotes") }
      attributes[attribute] = try entities(until: quote)
      position += 1
    }
  }

  /// Text up to an ASCII character, which is left; entities are replaced.
  private mutating func entities(until stop: Character) throws(XMLError) -> String {
    let stop = stop.asciiValue!
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != stop {
      guard bytes[position] == UInt8(ascii: "&") else {
        text.append(bytes[position])
        position += 1
        continue
      }
      let start = position + 1
      try pass(";")
      guard let character = Self.entity(String(decoding: bytes[start..<(position - 1)], as: UTF8.self)) else {
        throw fail("an unknown entity")
      }
      text += Array(String(character).utf8)
    }
    guard position < bytes.count || stop == UInt8(ascii: "<") else { throw fail("an end before its time") }
    guard let whole = String(validating: text, as: UTF8.self) else { throw fail("bytes that are no UTF-8") }
    return whole
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "lt": "<"
    case "gt": ">"
    case "amp": "&"
    case "quot": "\""
    case "apos": "'"
    default:
      if name.hasPrefix("#x") {
        UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      } else if name.hasPrefix("#") {
        UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
      } else {
        nil
      }
    }
  }

  private mutating func name() throws(XMLError) -> String {
    let start = position
    while position < bytes.count, !" \t\r\n/>=<\"'&".utf8.contains(bytes[position]) { position += 1 }
    guard position > start else { throw fail("an element without a name") }
    let whole = bytes[start..<position]
    let local = whole.lastIndex(of: UInt8(ascii: ":")).map { whole[($0 + 1)...] } ?? whole
    return String(decoding: local, as: UTF8.self)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
  }

  /// - Returns: whether this came next; it is passed then.
  private mutating func skips(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
    position += count
    return true
  }

  private mutating func pass(_ text: StaticString) throws(XMLError) {
    while position < bytes.count {
      if skips(text) { return }
      position += 1
    }
    throw fail("an end before its time")
  }

  private func fail(_ what: String) -> XMLError { XMLError(found: what, at: position) }
}
