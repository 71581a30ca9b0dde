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

  /// Appends values that another encoder holds.
  @inlinable public mutating func append(_ other: borrowing RowEncoder, from start: Int, to end: Int) {
    precondition(start >= 0 && start <= end && end <= other.used, "the values are the other encoder's")
    let count = end - start
    if count <= 16, start + 16 <= other.capacity {
      // Short values are the most, and moved as 16 bytes: what is too much is overwritten by the next one.
      reserve(16)
      let chunk = (other.base + start).loadUnaligned(as: SIMD16<UInt8>.self)
      (base + used).storeBytes(of: chunk, as: SIMD16<UInt8>.self)
    } else {
      reserve(count)
      memcpy(base + used, other.base + start, count)
    }
    used += count
  }
}
