import Rows

/// One value out of a file, with what is needed to write it as any type.
enum Scalar {
  case bool(Bool)
  case decimal(Int128, scale: Int)
  /// A number with more digits than 128 bits hold, as decimal text.
  case digits([UInt8])
  case float(Float)
  case double(Double)
  case date(days: Int64)
  case time(Int64, TimeUnit)
  case timestamp(Int64, TimeUnit, isUTC: Bool)
  case text(ValueBytes)
  case json(ValueBytes)
  case bytes(ValueBytes)
  case uuid(high: UInt64, low: UInt64)
  case interval(months: UInt32, days: UInt32, milliseconds: UInt32)

  /// A value that was decoded as a number.
  init?(_ number: Int64, _ type: LeafType, _ physical: PhysicalType) {
    switch type {
    case .boolean: self = .bool(number != 0)
    case .float: self = .float(Float(bitPattern: UInt32(truncatingIfNeeded: number)))
    case .double: self = .double(Double(bitPattern: UInt64(bitPattern: number)))
    case .date: self = .date(days: number)
    case .integer(let bits, let isSigned): self = .decimal(Int128(Self.whole(number, bits, isSigned)), scale: 0)
    case .decimal(_, let scale): self = .decimal(Int128(number), scale: scale)
    case .time(let unit, _): self = .time(number, unit)
    case .timestamp(let unit, let isUTC): self = .timestamp(number, unit, isUTC: isUTC)
    default: return nil
    }
  }

  static func whole(_ number: Int64, _ bits: Int, _ isSigned: Bool) -> Int128 {
    if isSigned { return Int128(number) }
    return Int128(bits == 64 ? UInt64(bitPattern: number) : UInt64(UInt32(truncatingIfNeeded: number)))
  }

  /// A value that was decoded as bytes. Nil when the bytes cannot be of the type.
  init?(_ bytes: ValueBytes, _ type: LeafType) {
    switch type {
    case .string: self = .text(bytes)
    case .json: self = .json(bytes)
    case .bytes: self = .bytes(bytes)
    case .float16:
      guard bytes.count == 2 else { return nil }
      self = .float(Self.half(bytes.loadUnaligned(as: UInt16.self).littleEndian))
    case .uuid:
      guard bytes.count == 16 else { return nil }
      self = .uuid(
        high: bytes.loadUnaligned(as: UInt64.self).bigEndian,
        low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian)
    case .interval:
      guard bytes.count == 12 else { return nil }
      let part = { (index: Int) in bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self).littleEndian }
      self = .interval(months: part(0), days: part(1), milliseconds: part(2))
    case .int96:
      guard let microseconds = Self.int96(bytes) else { return nil }
      self = .timestamp(microseconds, .microseconds, isUTC: false)
    case .decimal(_, let scale):
      if let value = Self.unscaled(bytes) {
        self = .decimal(value, scale: scale)
      } else {
        guard let digits = BigDecimal.text(bytes, scale: scale) else { return nil }
        self = .digits(digits)
      }
    default: return nil
    }
  }

  /// Nanoseconds of the day, then the Julian day, as microseconds since 1970. Spark's own sums wrap around at 64 bits on
  /// both ways, so that times of the far future come back right only when these do too.
  static func int96(_ bytes: ValueBytes) -> Int64? {
    guard bytes.count == 12 else { return nil }
    let nanoseconds = bytes.loadUnaligned(as: Int64.self).littleEndian
    let day = Int64(bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self).littleEndian) - 2_440_588
    return day &* 86_400_000_000 &+ nanoseconds.floorDivided(by: 1000)
  }

  /// A number in two's complement, the highest byte first. Nil when it needs more than 128 bits.
  @inline(__always)
  static func unscaled(_ bytes: ValueBytes) -> Int128? {
    guard let first = bytes.first else { return 0 }
    if bytes.count <= 8 {
      var value: UInt64 = first >= 0x80 ? .max : 0
      for byte in bytes { value = value << 8 | UInt64(byte) }
      return Int128(Int64(bitPattern: value))
    }
    let filler: UInt8 = first >= 0x80 ? 0xFF : 0
    let extra = max(0, bytes.count - 16)
    if extra > 0 {
      for index in 0..<extra where bytes[index] != filler { return nil }
      guard bytes[extra] & 0x80 == filler & 0x80 else { return nil }
    }
    var value: UInt128 = first >= 0x80 ? .max : 0
    for index in extra..<bytes.count { value = value << 8 | UInt128(bytes[index]) }
    return Int128(truncatingIfNeeded: value)
  }

  /// Half precision to single, exactly.
  static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let value = Float(fraction) * 0x1p-24
      return sign == 0 ? value : -value
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
