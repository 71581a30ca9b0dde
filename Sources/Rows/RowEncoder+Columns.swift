public import Glibc

/// An encoder as the store of one column: values without rows, which another encoder puts into rows.
extension RowEncoder {
  /// Forgets everything that was written.
  public mutating func removeAll() { used = 0 }

  /// Forgets what was written after the first `bytes`.
  public mutating func truncate(to bytes: Int) { used = min(used, bytes) }

  /// Forgets the first bytes; those after them move to the front.
  public mutating func removeFirst(_ bytes: Int) {
    precondition(bytes >= 0 && bytes <= used, "an encoder forgets only what it holds")
    memmove(base, base + bytes, used - bytes)
    used -= bytes
  }

  /// What was written, valid for the call's time.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(start: base, count: used))
  }

  /// The values that this encoder holds, as the source of another one's rows.
  ///
  /// - Parameter ends: where each value ends in the bytes.
  public mutating func fields(ends: UnsafePointer<Int>, isConstant: Bool = false) -> EncodedFields {
    // So that sixteen bytes can be read wherever a value begins.
    reserve(16)
    return EncodedFields(base: UnsafeRawPointer(base), ends: ends, isConstant: isConstant)
  }

  /// Appends one value.
  @inlinable public mutating func append(_ fields: EncodedFields, _ index: Int) {
    let start = index == 0 ? 0 : fields.ends[index - 1]
    let count = fields.ends[index] - start
    // Short values are the most, and moved as 16 bytes: what is too much is overwritten by the next one.
    reserve(count + 16)
    if count <= 16 {
      let chunk = (fields.base + start).loadUnaligned(as: SIMD16<UInt8>.self)
      (base + used).storeBytes(of: chunk, as: SIMD16<UInt8>.self)
    } else {
      memcpy(base + used, fields.base + start, count)
    }
    used += count
  }

  /// Appends whole rows.
  ///
  /// - Parameter columns: as many as the rows have values.
  public mutating func appendRows(_ rows: Range<Int>, of columns: [EncodedFields]) {
    columns.withUnsafeBufferPointer { columns in
      for row in rows {
        beginRow()
        for column in columns { append(column, column.isConstant ? 0 : row) }
        endRow()
      }
    }
  }

  /// Appends values that another encoder holds.
  @inlinable public mutating func append(_ other: borrowing RowEncoder, from start: Int, to end: Int) {
    precondition(start >= 0 && start <= end && end <= other.used, "the values are the other encoder's")
    let count = end - start
    reserve(count)
    memcpy(base + used, other.base + start, count)
    used += count
  }
}

/// Values that an encoder holds for the rows of another one. Valid until that encoder is written to or goes away.
public struct EncodedFields {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let ends: UnsafePointer<Int>
  /// Whether the first value is every row's.
  @usableFromInline let isConstant: Bool
}
