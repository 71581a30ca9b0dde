/// Pieces of JSON text as bytes, for values that are written without being built first.
enum AvroJSONText {
  /// A member's name with its quotes and colon.
  static func key(_ name: String) -> [UInt8] {
    var name = name
    var text: [UInt8] = []
    name.withUTF8 { append(UnsafeRawBufferPointer($0), to: &text) }
    text.append(UInt8(ascii: ":"))
    return text
  }

  /// A string in quotes. The bytes are UTF-8; see `problem(of:)`.
  static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    var start = 0
    for (index, byte) in bytes.enumerated()
    where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      text.append(contentsOf: bytes[start..<index])
      appendEscape(of: byte, to: &text)
      start = index + 1
    }
    text.append(contentsOf: bytes[start...])
    text.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(of byte: UInt8, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\n"): text.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): text.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): text.append(UInt8(ascii: "t"))
    case 0..<0x20:
      text.append(contentsOf: "u00".utf8)
      text.append(hexDigit(byte >> 4))
      text.append(hexDigit(byte & 15))
    default: text.append(byte)
    }
  }

  /// `\x00ff`, as PostgreSQL prints bytes.
  static func appendHex(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    text.append(contentsOf: #"\x"#.utf8)
    for byte in bytes {
      text.append(hexDigit(byte >> 4))
      text.append(hexDigit(byte & 15))
    }
  }

  static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  /// Why PostgreSQL takes the bytes for no text; nil where it does.
  static func problem(of bytes: UnsafeRawBufferPointer) -> String? {
    var all: UInt8 = 0
    var hasNUL = false
    for byte in bytes {
      all |= byte
      if byte == 0 { hasNUL = true }
    }
    if hasNUL { return "a text holds the character NUL, which PostgreSQL does not store" }
    if all >= 0x80, String(validating: bytes, as: UTF8.self) == nil { return "a text is not UTF-8" }
    return nil
  }
}
