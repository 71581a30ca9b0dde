import Rows

/// Pieces of JSON.
enum ParquetJSONText {
  /// A string with its quotes; the bytes are UTF-8 without NUL.
  static func string(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    encoder.put(UInt8(ascii: "\""))
    var plain = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      encoder.append(UnsafeRawBufferPointer(rebasing: bytes[plain..<index]))
      plain = index + 1
      escape(byte, &encoder)
    }
    encoder.append(UnsafeRawBufferPointer(rebasing: bytes[plain...]))
    encoder.put(UInt8(ascii: "\""))
  }

  static func string(_ text: String) -> [UInt8] {
    var text = text
    var encoder = RowEncoder(columns: 0)
    text.withUTF8 { string(UnsafeRawBufferPointer($0), &encoder) }
    return encoder.withBytes { Array($0) }
  }

  private static func escape(_ byte: UInt8, _ encoder: inout RowEncoder) {
    encoder.put(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: encoder.put(UInt8(ascii: "n"))
    case 0x0D: encoder.put(UInt8(ascii: "r"))
    case 0x09: encoder.put(UInt8(ascii: "t"))
    case 0..<0x20:
      encoder.put(UInt8(ascii: "u"))
      encoder.append(Array("00".utf8))
      withUnsafeBytes(of: byte) { hex($0, &encoder) }
    default: encoder.put(byte)
    }
  }

  static func hex(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    for byte in bytes {
      for nibble in [byte >> 4, byte & 15] {
        encoder.put(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
      }
    }
  }
}
