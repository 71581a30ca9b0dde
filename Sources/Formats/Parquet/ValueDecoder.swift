/// The bytes of one value, wherever they lie: valid until the page or the next run is decoded.
typealias ValueBytes = UnsafeRawBufferPointer

/// Decodes the values of one page into 64-bit numbers or into places of bytes.
struct ValueDecoder {
  private enum Form {
    case plain
    case bits
    case runs(HybridDecoder)
    case deltas(DeltaDecoder)
    case streams
    case lengths(LengthDecoder)
    case prefixes(LengthDecoder, LengthDecoder)
  }

  private let bytes: UnsafeRawBufferPointer
  private let physical: PhysicalType
  private var form: Form
  /// The next byte; for booleans the next bit, for streams the next value.
  private var at = 0
  /// The value before, and the run's values, where values continue the one before.
  private let previous = ByteBuffer()
  private let arena = ByteBuffer()
  /// No value of the page is longer, in bytes. 0 where the page itself is the bound.
  private(set) var greatest = 0

  init(_ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, _ physical: PhysicalType, count: Int) throws(FormatError) {
    self.bytes = bytes
    self.physical = physical
    switch (encoding, physical) {
    case (.plain, .boolean): form = .bits
    case (.plain, _): form = .plain
    case (.rle, .boolean):
      guard bytes.count >= 4 || count == 0 else { throw FormatError(.truncated, "its booleans are missing") }
      form = .runs(try HybridDecoder(Self.runs(bytes), width: 1))
    case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): form = .deltas(try DeltaDecoder(bytes))
    case (.byteStreamSplit, _) where physical.width != nil && physical != .int96: form = .streams
    case (.deltaLengthByteArray, .byteArray):
      let lengths = try LengthDecoder(bytes, atMost: count)
      at = lengths.end
      form = .lengths(lengths)
    case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixed):
      let prefixes = try LengthDecoder(bytes, atMost: count)
      let suffixes = try LengthDecoder(Self.rest(bytes, prefixes.end), atMost: count)
      at = prefixes.end + suffixes.end
      greatest = prefixes.greatest + suffixes.greatest
      form = .prefixes(prefixes, suffixes)
    default: throw FormatError(.unsupported, "its values have the encoding \(encoding), which their type cannot have")
    }
  }

  /// Decodes numbers: the type's value, or its bits for floating point. 32 bits are extended by their sign.
  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    switch form {
    case .plain: try plainNumbers(count, output)
    case .bits: try plainBits(count, output)
    case .runs(var decoder):
      try withScratch(UInt32.self, count) { (scratch) throws(FormatError) in
        try decoder.decode(count, into: scratch)
        for index in 0..<count { output[index] = Int64(scratch[index]) }
      }
      form = .runs(decoder)
    case .deltas(var decoder):
      try decoder.decode(count, into: output)
      form = .deltas(decoder)
      if physical == .int32 {
        for index in 0..<count { output[index] = Int64(Int32(truncatingIfNeeded: output[index])) }
      }
    case .streams: try streamNumbers(count, output)
    case .lengths, .prefixes: throw FormatError(.corrupt, "its numbers are written as bytes")
    }
  }

  /// Decodes byte arrays.
  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<ValueBytes>) throws(FormatError) {
    switch form {
    case .plain: try plainBytes(count, output)
    case .streams: try streamBytes(count, output)
    case .lengths(var lengths):
      try withScratch(Int64.self, count) { (scratch) throws(FormatError) in
        try lengths.decode(count, into: scratch)
        for index in 0..<count { output[index] = try take(Int(scratch[index])) }
      }
      form = .lengths(lengths)
    case .prefixes(var prefixes, var suffixes):
      try continued(count, &prefixes, &suffixes, output)
      form = .prefixes(prefixes, suffixes)
    case .bits, .runs, .deltas: throw FormatError(.corrupt, "its bytes are written as numbers")
    }
  }

  private static func rest(_ bytes: UnsafeRawBufferPointer, _ from: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[from...])
  }

  /// Runs behind their length in 32 bits.
  private static func runs(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> UnsafeRawBufferPointer {
    guard bytes.count >= 4 else { return bytes }
    let length = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    guard length <= bytes.count - 4 else { throw FormatError(.truncated, "its booleans end too early") }
    return UnsafeRawBufferPointer(rebasing: bytes[4..<4 + length])
  }

  private mutating func take(_ length: Int) throws(FormatError) -> ValueBytes {
    guard length >= 0, length <= bytes.count - at else { throw FormatError(.truncated, "its values end too early") }
    defer { at += length }
    return ValueBytes(rebasing: bytes[at..<at + length])
  }

  private mutating func plainNumbers(_ count: Int, _ output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    let source = try take(count * (physical.width ?? 0))
    guard let base = source.baseAddress else { return }
    if physical.width == 4 {
      for index in 0..<count {
        output[index] = Int64(Int32(littleEndian: (base + index * 4).loadUnaligned(as: Int32.self)))
      }
    } else {
      for index in 0..<count { output[index] = Int64(littleEndian: (base + index * 8).loadUnaligned(as: Int64.self)) }
    }
  }

  private mutating func plainBits(_ count: Int, _ output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    guard at + count <= bytes.count * 8 else { throw FormatError(.truncated, "its values end too early") }
    for index in 0..<count {
      output[index] = Int64(bytes[at >> 3] >> UInt8(at & 7) & 1)
      at += 1
    }
  }

  private mutating func plainBytes(_ count: Int, _ output: UnsafeMutablePointer<ValueBytes>) throws(FormatError) {
    if let width = physical.width {
      let source = try take(count * width)
      for index in 0..<count { output[index] = ValueBytes(rebasing: source[index * width..<(index + 1) * width]) }
      return
    }
    for index in 0..<count {
      guard bytes.count - at >= 4 else { throw FormatError(.truncated, "its values end too early") }
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
      at += 4
      output[index] = try take(length)
    }
  }

  /// Each byte of a value stands in a stream of its own, one stream after the other. How long they are follows from the
  /// bytes: a page with NULLs promises more values than it holds.
  private func streamLength(_ width: Int, _ count: Int) throws(FormatError) -> Int {
    guard bytes.count % width == 0, at + count <= bytes.count / width else {
      throw FormatError(.truncated, "its byte streams end too early")
    }
    return bytes.count / width
  }

  private mutating func streamNumbers(_ count: Int, _ output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    let width = physical.width ?? 1
    let length = try streamLength(width, count)
    for index in 0..<count {
      var value: UInt64 = 0
      for byte in 0..<width { value |= UInt64(bytes[byte * length + at + index]) << UInt64(8 * byte) }
      output[index] = width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
    at += count
  }

  private mutating func streamBytes(_ count: Int, _ output: UnsafeMutablePointer<ValueBytes>) throws(FormatError) {
    let width = physical.width ?? 1
    let length = try streamLength(width, count)
    let room = arena.reset(size: count * width)
    for index in 0..<count {
      for byte in 0..<width { room[index * width + byte] = bytes[byte * length + at + index] }
    }
    at += count
    pointIntoArena(count, output) { _ in width }
  }

  private mutating func continued(
    _ count: Int, _ prefixes: inout LengthDecoder, _ suffixes: inout LengthDecoder,
    _ output: UnsafeMutablePointer<ValueBytes>
  ) throws(FormatError) {
    let before = UnsafeMutablePointer<Int64>.allocate(capacity: count)
    let after = UnsafeMutablePointer<Int64>.allocate(capacity: count)
    defer {
      before.deallocate()
      after.deallocate()
    }
    try prefixes.decode(count, into: before)
    try suffixes.decode(count, into: after)
    _ = arena.reset(size: 0)
    for index in 0..<count {
      let (prefix, suffix) = (Int(before[index]), try take(Int(after[index])))
      guard prefix <= previous.count else { throw FormatError(.corrupt, "a value continues more than the one before it has") }
      previous.truncate(to: prefix)
      previous.append(suffix)
      guard previous.count <= ParquetLimits.page else {
        throw FormatError(.tooLarge, "it has a value of more than \(ParquetLimits.page) bytes")
      }
      if let width = physical.width, previous.count != width {
        throw FormatError(.corrupt, "it has a value of \(previous.count) bytes, not \(width)")
      }
      arena.append(previous.bytes)
      after[index] = Int64(previous.count)
    }
    pointIntoArena(count, output) { Int(after[$0]) }
  }

  private func pointIntoArena(_ count: Int, _ output: UnsafeMutablePointer<ValueBytes>, _ length: (Int) -> Int) {
    let bytes = arena.bytes
    var at = 0
    for index in 0..<count {
      output[index] = ValueBytes(rebasing: bytes[at..<at + length(index)])
      at += length(index)
    }
  }
}
