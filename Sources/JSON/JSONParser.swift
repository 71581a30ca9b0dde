extension JSONValue {
  /// Reads one JSON value, with nothing but white space around it.
  ///
  /// - Parameter depthLimit: how many arrays and objects may stand in each other. Each level takes up to
  ///   500 bytes of the stack, five times as much in a debug build.
  public init(parsing text: String, depthLimit: Int = 128) throws(JSONError) {
    var parser = JSONParser(Array(text.utf8), depthLimit: depthLimit)
    self = try parser.parse()
  }

  /// Reads one JSON value from UTF-8.
  public init(parsing bytes: [UInt8], depthLimit: Int = 128) throws(JSONError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw JSONError(reason: "the text is not UTF-8", offset: firstInvalidByte(of: bytes))
    }
    try self.init(parsing: text, depthLimit: depthLimit)
  }
}

private func firstInvalidByte(of bytes: [UInt8]) -> Int {
  var decoder = UTF8()
  var source = bytes.makeIterator()
  var offset = 0
  while case .scalarValue(let scalar) = decoder.decode(&source) {
    offset += UTF8.width(scalar)
  }
  return offset
}

/// Reads RFC 8259 from valid UTF-8, one byte at a time.
struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var offset = 0
  private var depth = 0

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func parse() throws(JSONError) -> JSONValue {
    let value = try parseValue()
    skipSpace()
    guard offset == bytes.count else { throw error("expected nothing after the value") }
    return value
  }

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw error("expected a value, but the text ends") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try parseMembers())
    case UInt8(ascii: "["): return .array(try parseElements())
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: throw error("expected a value")
    }
  }

  private mutating func parseElements() throws(JSONError) -> [JSONValue] {
    try enter()
    var elements: [JSONValue] = []
    if !takes("]") {
      repeat { elements.append(try parseValue()) } while takes(",")
      guard takes("]") else { throw error(#"expected a comma or "]""#) }
    }
    depth -= 1
    return elements
  }

  private mutating func parseMembers() throws(JSONError) -> [(key: String, value: JSONValue)] {
    try enter()
    var members: [(key: String, value: JSONValue)] = []
    if !takes("}") {
      repeat { members.append(try parseMember()) } while takes(",")
      guard takes("}") else { throw error(#"expected a comma or "}""#) }
    }
    depth -= 1
    return members
  }

  private mutating func parseMember() throws(JSONError) -> (key: String, value: JSONValue) {
    skipSpace()
    guard peek == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
    let key = try parseString()
    guard takes(":") else { throw error("expected a colon after the key") }
    return (key, try parseValue())
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    let end = offset + word.utf8CodeUnitCount
    guard end <= bytes.count, word.withUTF8Buffer({ bytes[offset..<end].elementsEqual($0) }) else {
      throw error("expected a value")
    }
    offset = end
    return value
  }

  /// Steps over the bracket that opens an array or object.
  private mutating func enter() throws(JSONError) {
    guard depth < depthLimit else { throw error("more than \(depthLimit) levels in each other") }
    depth += 1
    offset += 1
  }

  /// Steps over white space and then `byte`, if that is what follows.
  private mutating func takes(_ byte: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: byte) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  /// The byte at the offset; nil at the end.
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: offset) }
}
