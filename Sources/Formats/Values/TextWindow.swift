/// The part of a text file that is in memory: whole rows, and the beginning of one.
///
/// Eight bytes behind the end may be read, whatever they hold.
struct TextWindow: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Where the window begins in the file.
  private(set) var offset: Int64 = 0
  /// Whether nothing comes after the window.
  private(set) var isLast = false
  /// A place up to which the bytes are UTF-8 without NUL.
  private var cleanEnd = 0

  init(capacity: Int = 512 << 10) {
    self.capacity = capacity
    base = .allocate(byteCount: capacity + 8, alignment: 16)
    (base + capacity).initializeMemory(as: UInt8.self, repeating: 0, count: 8)
  }

  deinit { base.deallocate() }

  var count: Int { end - start }
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + start, count: end - start) }

  mutating func append(_ more: [UInt8]) {
    if end + more.count > capacity { makeRoom(more.count) }
    more.withUnsafeBytes { (base + end).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: more.count) }
    end += more.count
    (base + end).initializeMemory(as: UInt8.self, repeating: 0, count: 8)
  }

  private mutating func makeRoom(_ more: Int) {
    let needed = count + more
    if needed <= capacity {
      base.copyMemory(from: base + start, byteCount: count)
    } else {
      let wanted = max(needed, capacity * 2)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted + 8, alignment: 16)
      larger.copyMemory(from: base + start, byteCount: count)
      base.deallocate()
      (base, capacity) = (larger, wanted)
    }
    (start, end) = (0, end - start)
  }

  mutating func finish() { isLast = true }

  /// Takes bytes off the front.
  mutating func drop(_ count: Int) {
    start += count
    offset += Int64(count)
    cleanEnd = max(0, cleanEnd - count)
  }

  /// Whether a part of the window is UTF-8 without NUL. Asked in ascending order, each byte is looked at once.
  @inline(__always)
  mutating func isClean(_ range: Range<Int>) -> Bool {
    if range.upperBound <= cleanEnd { return true }
    cleanEnd = TextCheck.cleanEnd(bytes, from: max(cleanEnd, range.lowerBound))
    return range.upperBound <= cleanEnd
  }
}
