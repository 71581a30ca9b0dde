import Rows

/// What PostgreSQL's types hold, in microseconds and days since 1970 (`timestamp.h`, `date.h`).
enum PostgresRange {
  static let microseconds = Int64(-210_866_803_200_000_000)...Int64.max
  static let days = Int64(-2_440_588)...2_145_042_905
}

/// Values are written exactly or not at all.
extension Scalar {
  /// Writes the value as a field of a row.
  ///
  /// - Returns: false, with nothing written, when the type cannot hold the value.
  func put(_ target: Target, _ encoder: inout RowEncoder) -> Bool {
    switch target {
    case .text(let most): return putText(most, &encoder)
    case .jsonb, .json: return putDocument(target, &encoder)
    default: break
    }
    switch self {
    case .text(let bytes): return TextValue.put(bytes, target, &encoder)
    case .bool(let value):
      guard target == .boolean else { return false }
      encoder.bool(value)
    case .decimal(let value, let scale): return Self.putNumber(value, scale, target, &encoder)
    case .digits(let text): return text.withUnsafeBytes { TextValue.put($0, target, &encoder) }
    case .float(let value): return Self.putFloating(Double(value), "\(value)", isFloat: true, target, &encoder)
    case .double(let value): return Self.putFloating(value, "\(value)", isFloat: false, target, &encoder)
    case .date(let days): return putDate(days, target, &encoder)
    case .timestamp(let value, let unit, _): return Self.putTimestamp(value, unit, target, &encoder)
    case .time(let value, let unit):
      guard target == .time, let time = Self.time(value, unit) else { return false }
      encoder.time(microseconds: time)
    case .bytes(let bytes):
      if target == .uuid, let id = Scalar(bytes, .uuid) { return id.put(target, &encoder) }
      guard target == .bytea else { return false }
      encoder.bytes(bytes)
    case .uuid(let high, let low):
      guard target == .uuid else { return false }
      encoder.uuid(high: high, low: low)
    case .interval(let months, let days, let milliseconds):
      guard target == .interval, let months = Int32(exactly: months), let days = Int32(exactly: days) else { return false }
      encoder.interval(months: months, days: days, microseconds: Int64(milliseconds) * 1000)
    case .json: return false
    }
    return true
  }

  private func putText(_ most: Int?, _ encoder: inout RowEncoder) -> Bool {
    if case .text(let bytes) = self { return Self.putText(bytes, most, &encoder) }
    if case .json(let bytes) = self { return Self.putText(bytes, most, &encoder) }
    if case .bytes(let bytes) = self { return Self.putText(bytes, most, &encoder) }
    let text = plainText()
    guard text.utf8.count <= most ?? .max else { return false }
    encoder.text(text)
    return true
  }

  static func putText(_ bytes: ValueBytes, _ most: Int?, _ encoder: inout RowEncoder) -> Bool {
    guard ParquetTextCheck.firstFault(bytes) == nil else { return false }
    if let most, bytes.count > most, bytes.count(where: { $0 & 0xC0 != 0x80 }) > most { return false }
    encoder.bytes(bytes)
    return true
  }

  private func putDocument(_ target: Target, _ encoder: inout RowEncoder) -> Bool {
    let mark = encoder.count
    let start = encoder.beginValue()
    if target == .jsonb { encoder.put(UInt8(1)) }
    guard putJSON(&encoder) else {
      encoder.truncate(to: mark)
      return false
    }
    encoder.endValue(start)
    return true
  }

  static func putNumber(_ value: Int128, _ scale: Int, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    switch target {
    case .numeric(let digits):
      guard let digits else {
        encoder.numeric(unscaled: value, scale: scale)
        return true
      }
      return putNumeric(value, scale, digits, &encoder)
    case .real, .double: return putInexact(value, scale, target, &encoder)
    default:
      guard let whole = rescale(value, from: scale, to: 0) else { return false }
      return putWhole(whole, target, &encoder)
    }
  }

  /// Where 128 bits are not enough for all the zeros of the type's scale, the server adds them.
  private static func putNumeric(_ value: Int128, _ scale: Int, _ digits: Target.Digits, _ encoder: inout RowEncoder) -> Bool {
    let kept = min(scale, max(0, digits.scale))
    guard rescale(value, from: scale, to: min(scale, digits.scale)) != nil, let number = rescale(value, from: scale, to: kept)
    else { return false }
    let most = digits.precision - digits.scale + kept
    guard most > 38 || number.magnitude < powersOfTen[max(0, most)] else { return false }
    if digits.scale > kept, let padded = rescale(value, from: scale, to: digits.scale) {
      encoder.numeric(unscaled: padded, scale: digits.scale)
    } else {
      encoder.numeric(unscaled: number, scale: kept)
    }
    return true
  }

  private static func putWhole(_ value: Int128, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    switch target {
    case .smallint: guard let small = Int16(exactly: value) else { return false }; encoder.int16(small)
    case .integer: guard let small = Int32(exactly: value) else { return false }; encoder.int32(small)
    case .bigint: guard let small = Int64(exactly: value) else { return false }; encoder.int64(small)
    default: return false
    }
    return true
  }

  /// A number as binary floating point, where that gives back the same decimal digits.
  private static func putInexact(_ value: Int128, _ scale: Int, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    let text = decimalText(value, scale)
    if target == .double {
      guard let number = Double(text), sameNumber("\(number)", value, scale) else { return false }
      encoder.double(number)
    } else {
      guard let number = Float(text), sameNumber("\(number)", value, scale) else { return false }
      encoder.float(number)
    }
    return true
  }

  private static func sameNumber(_ text: String, _ value: Int128, _ scale: Int) -> Bool {
    guard let (other, otherScale) = parseDecimal(text) else { return false }
    let most = max(scale, otherScale)
    guard let left = rescale(value, from: scale, to: most), let right = rescale(other, from: otherScale, to: most) else {
      return false
    }
    return left == right
  }

  /// - Parameter shortest: the shortest decimal text that means the same number: what people see, and what becomes exact.
  private static func putFloating(
    _ value: Double, _ shortest: String, isFloat: Bool, _ target: Target, _ encoder: inout RowEncoder
  ) -> Bool {
    switch target {
    case .double: encoder.double(value)
    case .real:
      guard value.isNaN || Double(Float(value)) == value else { return false }
      encoder.float(Float(value))
    case .numeric where value.isNaN: encoder.numericNaN()
    default:
      guard value.isFinite else { return false }
      var text = shortest
      return text.withUTF8 { TextValue.put(UnsafeRawBufferPointer($0), target, &encoder) }
    }
    return true
  }

  private func putDate(_ days: Int64, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    guard PostgresRange.days.contains(days) else { return false }
    switch target {
    case .date: encoder.date(daysSince1970: Int32(truncatingIfNeeded: days))
    case .timestamp, .timestamptz:
      let (microseconds, overflows) = days.multipliedReportingOverflow(by: 86_400_000_000)
      guard !overflows, PostgresRange.microseconds.contains(microseconds) else { return false }
      encoder.timestamp(microsecondsSince1970: microseconds)
    default: return false
    }
    return true
  }

  /// A local time is taken as one in UTC where the column has a time zone, and the other way round.
  static func putTimestamp(_ value: Int64, _ unit: TimeUnit, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    guard let microseconds = microseconds(value, unit), PostgresRange.microseconds.contains(microseconds) else { return false }
    switch target {
    case .timestamp, .timestamptz: encoder.timestamp(microsecondsSince1970: microseconds)
    case .date:
      guard microseconds % 86_400_000_000 == 0 else { return false }
      encoder.date(daysSince1970: Int32(truncatingIfNeeded: microseconds / 86_400_000_000))
    default: return false
    }
    return true
  }

  @inline(__always)
  static func microseconds(_ value: Int64, _ unit: TimeUnit) -> Int64? {
    switch unit {
    case .milliseconds:
      let (product, overflows) = value.multipliedReportingOverflow(by: 1000)
      return overflows ? nil : product
    case .microseconds: return value
    case .nanoseconds: return value.floorDivided(by: 1000)
    }
  }

  /// Microseconds since midnight; nil outside of a day.
  @inline(__always)
  static func time(_ value: Int64, _ unit: TimeUnit) -> Int64? {
    guard let microseconds = microseconds(value, unit), (0...86_400_000_000).contains(microseconds) else { return nil }
    return microseconds
  }

  static let powersOfTen: [UInt128] = (0..<39).reduce(into: []) { powers, _ in powers.append((powers.last.map { $0 * 10 }) ?? 1) }

  /// The same number with another scale; nil when digits would be lost or 128 bits are not enough.
  static func rescale(_ value: Int128, from scale: Int, to wanted: Int) -> Int128? {
    if scale == wanted || value == 0 { return value }
    let distance = abs(wanted - scale)
    guard distance < powersOfTen.count, let factor = Int128(exactly: powersOfTen[distance]) else { return nil }
    if wanted > scale {
      let (product, overflows) = value.multipliedReportingOverflow(by: factor)
      return overflows ? nil : product
    }
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: factor)
    return rest == 0 ? quotient : nil
  }
}
