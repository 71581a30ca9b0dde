/// Reads Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages.
///
/// Protocol: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md. Lengths and counts are held
/// against the bytes that are left before anything is made of them.
struct ThriftReader {
  enum Kind: UInt8 {
    case stop = 0
    case yes, no, byte, int16, int32, int64, double, binary, list, set, map, structure
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var at = 0
  private var depth = 0

  /// Structures within structures. Parquet's own need seven.
  private static let deepest = 32

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Calls `field` for each field of a structure. What `field` returns false for is skipped.
  mutating func structure(
    _ field: (inout ThriftReader, _ id: Int, _ kind: Kind) throws(FormatError) -> Bool
  ) throws(FormatError) {
    depth += 1
    guard depth <= Self.deepest else { throw FormatError(.corrupt, "its structures are nested too deeply") }
    var id = 0
    while true {
      let head = try byte()
      guard let kind = Kind(rawValue: head & 0x0F) else {
        throw FormatError(.corrupt, "it has a field of the unknown kind \(head & 0x0F)")
      }
      if kind == .stop { break }
      let delta = Int(head >> 4)
      id = delta == 0 ? Int(try int()) : id + delta
      guard id >= 0, id <= Int(Int16.max) else { throw FormatError(.corrupt, "it has the field number \(id)") }
      if try !field(&self, id, kind) { try skip(kind) }
    }
    depth -= 1
  }

  /// Calls `element` for each element of a list.
  mutating func list(_ element: (inout ThriftReader, Kind) throws(FormatError) -> Void) throws(FormatError) {
    let (kind, count) = try listHead()
    for _ in 0..<count { try element(&self, kind) }
  }

  /// A signed whole number of any width.
  mutating func int() throws(FormatError) -> Int64 {
    let raw = try unsigned()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// A number that must fit 32 bits, as the format's own definition says.
  mutating func int32() throws(FormatError) -> Int32 {
    let value = try int()
    guard let small = Int32(exactly: value) else { throw FormatError(.corrupt, "the number \(value) has more than 32 bits") }
    return small
  }

  mutating func byte() throws(FormatError) -> UInt8 {
    guard at < bytes.count else { throw Self.ended }
    defer { at += 1 }
    return bytes[at]
  }

  mutating func binary() throws(FormatError) -> UnsafeRawBufferPointer {
    let length = try unsigned()
    guard length <= UInt64(bytes.count - at) else { throw Self.ended }
    defer { at += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<at + Int(length)])
  }

  /// Text; what is not UTF-8 is replaced.
  mutating func string() throws(FormatError) -> String { String(decoding: try binary(), as: UTF8.self) }

  mutating func skip(_ kind: Kind) throws(FormatError) {
    switch kind {
    case .stop, .yes, .no: break
    case .byte: _ = try byte()
    case .int16, .int32, .int64: _ = try unsigned()
    case .double: try advance(8)
    case .binary: _ = try binary()
    case .list, .set: try skipList()
    case .map: try skipMap()
    case .structure: try structure { (_, _, _) throws(FormatError) in false }
    }
  }

  private static let ended = FormatError(.truncated, "it ends too early")

  private mutating func unsigned() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw FormatError(.corrupt, "it has a number of more than 64 bits")
  }

  private mutating func listHead() throws(FormatError) -> (Kind, Int) {
    let head = try byte()
    guard let kind = Kind(rawValue: head & 0x0F), kind != .stop else {
      throw FormatError(.corrupt, "it has a list of the unknown kind \(head & 0x0F)")
    }
    let short = UInt64(head >> 4)
    let count = short == 15 ? try unsigned() : short
    // Each element has at least one byte, also the booleans and the empty structures.
    guard count <= UInt64(bytes.count - at) else { throw Self.ended }
    return (kind, Int(count))
  }

  private mutating func skipElement(_ kind: Kind) throws(FormatError) {
    if kind == .yes || kind == .no { try advance(1) } else { try skip(kind) }
  }

  private mutating func skipList() throws(FormatError) {
    let (kind, count) = try listHead()
    depth += 1
    guard depth <= Self.deepest else { throw FormatError(.corrupt, "its lists are nested too deeply") }
    for _ in 0..<count { try skipElement(kind) }
    depth -= 1
  }

  private mutating func skipMap() throws(FormatError) {
    let count = try unsigned()
    guard count <= UInt64(bytes.count - at) else { throw Self.ended }
    if count == 0 { return }
    let kinds = try byte()
    guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0x0F) else {
      throw FormatError(.corrupt, "it has a map of unknown kinds")
    }
    depth += 1
    guard depth <= Self.deepest else { throw FormatError(.corrupt, "its maps are nested too deeply") }
    for _ in 0..<count {
      try skipElement(key)
      try skipElement(value)
    }
    depth -= 1
  }

  private mutating func advance(_ count: Int) throws(FormatError) {
    guard bytes.count - at >= count else { throw Self.ended }
    at += count
  }
}
