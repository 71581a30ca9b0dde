public import Glibc

/// Writes rows as a binary `COPY` stream, value by value, in the order of the columns.
///
/// Each value must have the form of its column's type: `int32` for `integer`, `int64` for `bigint`, and so on. The
/// server checks the length of most of them and refuses the stream otherwise.
///
/// Forms: the receive functions of PostgreSQL (`numeric_recv`, `timestamptz_recv`, `jsonb_recv`, ...), and `BinaryRows`
/// for the stream.
public struct RowEncoder: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  /// Bytes written since the last batch was taken.
  @usableFromInline var used = 0
  private let columns: UInt16
  private var rowStart = 0
  private var isBegun = false
  /// Whole rows since the last batch was taken.
  public private(set) var rows = 0

  /// - Parameter columns: how many values each row has, at most 1,600 as in a table of PostgreSQL.
  public init(columns: Int, capacity: Int = 64 << 10) {
    self.columns = UInt16(columns)
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// Bytes written since the last batch was taken, the unfinished row's included.
  public var count: Int { used }

  /// Begins a row. Exactly one value for each column follows, then `endRow`.
  @inlinable public mutating func beginRow() {
    startRow()
  }

  @usableFromInline mutating func startRow() {
    if !isBegun {
      isBegun = true
      append(BinaryRows.header)
    }
    rowStart = used
    put(columns)
  }

  public mutating func endRow() { rows += 1 }

  /// Takes back the row that was begun last and not ended.
  public mutating func cancelRow() { used = rowStart }

  /// The rows since the last call, as a part of the stream.
  ///
  /// - Parameter isLast: ends the stream; nothing may be written after it.
  public mutating func takeBatch(isLast: Bool = false) -> Batch {
    if isLast {
      if !isBegun { append(BinaryRows.header) }
      append(BinaryRows.trailer)
    }
    let bytes = [UInt8](UnsafeRawBufferPointer(start: base, count: used))
    defer { (used, rows, rowStart) = (0, 0, 0) }
    return Batch(bytes: bytes, rows: rows)
  }

  @inlinable public mutating func null() { put(UInt32.max) }

  @inlinable public mutating func bool(_ value: Bool) {
    put(UInt32(1))
    put(UInt8(value ? 1 : 0))
  }

  @inlinable public mutating func int16(_ value: Int16) {
    put(UInt32(2))
    put(UInt16(bitPattern: value))
  }

  /// Also for `date`, as days since 2000-01-01; see `date(daysSince1970:)`.
  @inlinable public mutating func int32(_ value: Int32) {
    put(UInt32(4))
    put(UInt32(bitPattern: value))
  }

  @inlinable public mutating func int64(_ value: Int64) {
    put(UInt32(8))
    put(UInt64(bitPattern: value))
  }

  @inlinable public mutating func float(_ value: Float) {
    put(UInt32(4))
    put(value.bitPattern)
  }

  @inlinable public mutating func double(_ value: Double) {
    put(UInt32(8))
    put(value.bitPattern)
  }

  /// For `text`, which must be UTF-8 without NUL, `json` and `bytea`.
  @inlinable public mutating func bytes(_ value: UnsafeRawBufferPointer) {
    put(UInt32(truncatingIfNeeded: value.count))
    append(value)
  }

  public mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
  }

  /// For `jsonb`, as JSON text.
  @inlinable public mutating func jsonb(_ value: UnsafeRawBufferPointer) {
    put(UInt32(truncatingIfNeeded: value.count + 1))
    put(UInt8(1))
    append(value)
  }

  /// For `uuid`: 16 bytes in the order of their text.
  @inlinable public mutating func uuid(high: UInt64, low: UInt64) {
    put(UInt32(16))
    put(high)
    put(low)
  }

  /// For `date`. Days before -2440588 or after 2145031948 are refused by the server.
  @inlinable public mutating func date(daysSince1970 days: Int32) { int32(days &- 10957) }

  /// For `timestamp` and `timestamptz`. Saturates at the infinities, which are the ends of the range.
  @inlinable public mutating func timestamp(microsecondsSince1970 value: Int64) {
    let (shifted, overflows) = value.subtractingReportingOverflow(946_684_800_000_000)
    int64(overflows ? .min : shifted)
  }

  /// For `time`: microseconds since midnight.
  @inlinable public mutating func time(microseconds: Int64) { int64(microseconds) }

  /// For `interval`.
  @inlinable public mutating func interval(months: Int32, days: Int32, microseconds: Int64) {
    put(UInt32(16))
    put(UInt64(bitPattern: microseconds))
    put(UInt32(bitPattern: days))
    put(UInt32(bitPattern: months))
  }

  /// Makes room for a value's length, which `endValue` fills in: for values that are written piece by piece with `append`.
  @inlinable public mutating func beginValue() -> Int {
    put(UInt32(0))
    return used
  }

  @inlinable public mutating func endValue(_ start: Int) {
    let length = UInt32(truncatingIfNeeded: used - start)
    base.storeBytes(of: length.bigEndian, toByteOffset: start - 4, as: UInt32.self)
  }

  @inlinable @inline(__always) public mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    let width = MemoryLayout<Value>.size
    reserve(width)
    base.storeBytes(of: value.bigEndian, toByteOffset: used, as: Value.self)
    used += width
  }

  @inlinable public mutating func append(_ value: UnsafeRawBufferPointer) {
    guard let start = value.baseAddress else { return }
    reserve(value.count)
    memcpy(base + used, start, value.count)
    used += value.count
  }

  public mutating func append(_ value: [UInt8]) { value.withUnsafeBytes { append($0) } }

  @inlinable @inline(__always) mutating func reserve(_ more: Int) {
    if used + more > capacity { grow(more) }
  }

  @usableFromInline mutating func grow(_ more: Int) {
    let wanted = max(capacity * 2, used + more)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    larger.copyMemory(from: base, byteCount: used)
    base.deallocate()
    (base, capacity) = (larger, wanted)
  }
}
