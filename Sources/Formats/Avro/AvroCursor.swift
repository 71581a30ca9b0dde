/// Reads Avro's binary values from a block, and never beyond its end.
///
/// Format: Avro 1.11, "Binary Encoding".
struct AvroCursor {
  private let data: UnsafeRawBufferPointer
  /// Where the next value begins.
  var offset = 0

  init(_ data: UnsafeRawBufferPointer) { self.data = data }

  var isAtEnd: Bool { offset == data.count }
  var rest: Int { data.count - offset }

  /// An int or long: seven bits to a byte, the lowest first, signs folded in.
  @inline(__always) mutating func long() throws(FormatError) -> Int64 {
    if offset < data.count {
      let byte = data[offset]
      if byte < 0x80 {
        offset += 1
        return Int64(byte >> 1) ^ -Int64(byte & 1)
      }
    }
    return try longerLong()
  }

  private mutating func longerLong() throws(FormatError) -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < data.count {
      let byte = data[offset]
      offset += 1
      // The tenth byte has room for one bit.
      guard shift < 63 || byte <= 1 else { throw FormatError(.corrupt, "a number is longer than 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
      shift += 7
    }
    throw pastEnd()
  }

  mutating func int() throws(FormatError) -> Int32 {
    guard let value = Int32(exactly: try long()) else { throw FormatError(.corrupt, "an int is longer than 32 bits") }
    return value
  }

  mutating func boolean() throws(FormatError) -> Bool {
    let byte = try take(1)[0]
    guard byte <= 1 else { throw FormatError(.corrupt, "a boolean is \(byte), neither 0 nor 1") }
    return byte == 1
  }

  mutating func float() throws(FormatError) -> Float {
    Float(bitPattern: try take(4).loadUnaligned(as: UInt32.self).littleEndian)
  }

  mutating func double() throws(FormatError) -> Double {
    Double(bitPattern: try take(8).loadUnaligned(as: UInt64.self).littleEndian)
  }

  /// Bytes or a string, whose length stands before them.
  mutating func bytes() throws(FormatError) -> UnsafeRawBufferPointer {
    let length = try long()
    guard length >= 0 else { throw FormatError(.corrupt, "a length is negative") }
    guard length <= Int64(rest) else { throw pastEnd() }
    return try take(Int(length))
  }

  mutating func take(_ count: Int) throws(FormatError) -> UnsafeRawBufferPointer {
    guard count <= rest else { throw pastEnd() }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: data[offset..<offset + count])
  }

  /// Which of a union's branches or of an enum's symbols follows.
  @inline(__always) mutating func index(below count: Int, of what: StaticString) throws(FormatError) -> Int {
    let index = try long()
    guard index >= 0, index < Int64(count) else {
      throw FormatError(.corrupt, "\(what) number \(index) of \(count) is asked for")
    }
    return Int(index)
  }

  /// How many items of an array or map follow, 0 after the last, and how many bytes they take where that is said.
  mutating func blockCount() throws(FormatError) -> (items: Int64, bytes: Int64?) {
    let count = try long()
    if count >= 0 { return (count, nil) }
    let size = try long()
    guard count > .min, size >= 0, size <= Int64(rest) else {
      throw FormatError(.corrupt, "a block of an array or map has a size that makes no sense")
    }
    return (-count, size)
  }

  private func pastEnd() -> FormatError { FormatError(.corrupt, "a value goes on beyond the end of its block") }
}
