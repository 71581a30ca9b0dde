import Rows

/// Values that become PostgreSQL's binary form at once.
extension AvroValueDecoder {
  mutating func integer(_ value: Int64, _ target: AvroTarget, _ encoder: inout RowEncoder) {
    switch target {
    case .int64: encoder.int64(value)
    case .int32: write(Int32(exactly: value), value, target, &encoder) { $1.int32($0) }
    case .int16: write(Int16(exactly: value), value, target, &encoder) { $1.int16($0) }
    case .double: write(Double(exactly: value), value, target, &encoder) { $1.double($0) }
    case .float: write(Float(exactly: value), value, target, &encoder) { $1.float($0) }
    case .anyNumeric: encoder.numeric(unscaled: Int128(value), scale: 0)
    case .numeric: numeric(Int128(value), scale: 0, target, &encoder)
    case .jsonb:
      let start = encoder.beginValue()
      encoder.put(UInt8(1))
      encoder.append(Array(String(value).utf8))
      encoder.endValue(start)
    default: convert(Array(String(value).utf8), target, &encoder)
    }
  }

  private mutating func write<Value>(
    _ exact: Value?, _ value: Int64, _ target: AvroTarget, _ encoder: inout RowEncoder,
    _ write: (Value, inout RowEncoder) -> Void
  ) {
    if let exact { return write(exact, &encoder) }
    refuse("\(value)", target, &encoder)
  }

  /// Notes that a value does not fit; the row is not taken.
  mutating func refuse(_ value: String, _ target: AvroTarget, _ encoder: inout RowEncoder) {
    note("\(value.prefix(40)) is no value of \(target)")
    encoder.null()
  }

  mutating func text(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    if let wrong = AvroJSONText.problem(of: bytes) { note(wrong) }
    encoder.bytes(bytes)
  }

  mutating func decimal(
    _ size: Int?, _ scale: Int, _ target: AvroTarget, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder
  ) throws(FormatError) {
    let bytes = if let size { try cursor.take(size) } else { try cursor.bytes() }
    if let value = AvroDecimal.unscaled(bytes) { return numeric(value, scale: scale, target, &encoder) }
    guard bytes.count <= AvroDecimal.longest else {
      note("a decimal has \(bytes.count) bytes, more than any column takes")
      return encoder.null()
    }
    scratch.removeAll(keepingCapacity: true)
    AvroDecimal.append(bytes, scale: scale, to: &scratch)
    convert(scratch, target, &encoder)
  }

  /// Writes a number if the column takes it as it is: the server would round its fraction without a word.
  private mutating func numeric(_ value: Int128, scale: Int, _ target: AvroTarget, _ encoder: inout RowEncoder) {
    if case .numeric(let precision, let limit) = target, !Self.fits(value, scale, precision, limit) {
      scratch.removeAll(keepingCapacity: true)
      withUnsafeBytes(of: value.bigEndian) { AvroDecimal.append($0, scale: scale, to: &scratch) }
      return refuse(String(decoding: scratch, as: UTF8.self), target, &encoder)
    }
    encoder.numeric(unscaled: value, scale: scale)
  }

  /// Whether a number has no more digits, before and after the point, than a column declares.
  static func fits(_ value: Int128, _ scale: Int, _ precision: Int, _ limit: Int) -> Bool {
    var digits = String(value.magnitude).utf8.count
    var scale = scale
    var rest = value.magnitude
    while scale > limit, rest > 0 {
      guard rest % 10 == 0 else { return false }
      rest /= 10
      scale -= 1
      digits -= 1
    }
    return rest == 0 || digits - scale <= precision - limit
  }

  /// Bounds: `IS_VALID_DATE` in `src/include/datatype/timestamp.h`.
  mutating func date(_ days: Int32, _ encoder: inout RowEncoder) {
    if days < -2_440_588 || days > 2_145_031_948 {
      note("the date \(days) days from 1970 is beyond what PostgreSQL holds")
    }
    encoder.date(daysSince1970: days)
  }

  func timeOfDay(_ unit: AvroSchema.Unit, _ cursor: inout AvroCursor) throws(FormatError) -> Int64 {
    unit == .milliseconds ? Int64(try cursor.int()) : try cursor.long()
  }

  mutating func time(_ value: Int64, _ unit: AvroSchema.Unit, _ encoder: inout RowEncoder) {
    if !isTimeOfDay(value, unit) { note("\(value) is no time of day") }
    encoder.time(microseconds: unit == .milliseconds ? value &* 1_000 : value)
  }

  func isTimeOfDay(_ value: Int64, _ unit: AvroSchema.Unit) -> Bool { value >= 0 && value <= 86_400 * unit.perSecond }

  /// Bound: `MIN_TIMESTAMP` in `src/include/datatype/timestamp.h`, counted from 1970; the upper end is beyond 64 bits.
  mutating func timestamp(_ value: Int64, _ unit: AvroSchema.Unit, _ encoder: inout RowEncoder) {
    var microseconds = value
    var isTooLong = false
    switch unit {
    case .milliseconds: (microseconds, isTooLong) = value.multipliedReportingOverflow(by: 1_000)
    case .microseconds: break
    case .nanoseconds: microseconds = AvroTimeText.floorDivide(value, 1_000)
    }
    if isTooLong || microseconds < -210_866_803_200_000_000 {
      note("the time \(value) \(unit.name) from 1970 is beyond what PostgreSQL holds")
    }
    encoder.timestamp(microsecondsSince1970: microseconds)
  }

  /// Three unsigned numbers, their lowest bytes first.
  mutating func interval(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    let (months, days, milliseconds) = Self.parts(bytes)
    if months > UInt32(Int32.max) || days > UInt32(Int32.max) { note("a duration is longer than PostgreSQL holds") }
    encoder.interval(
      months: Int32(truncatingIfNeeded: months), days: Int32(truncatingIfNeeded: days),
      microseconds: Int64(milliseconds) * 1_000)
  }

  static func parts(_ bytes: UnsafeRawBufferPointer) -> (months: UInt32, days: UInt32, milliseconds: UInt32) {
    func number(_ at: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self).littleEndian }
    return (number(0), number(4), number(8))
  }
}
