/// Memory that stays where it is until it is asked for more room: pages and what is decoded of them.
final class ByteBuffer {
  private(set) var count = 0
  private var base: UnsafeMutableRawPointer
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Forgets what it holds and makes room for exactly `size` bytes, whose values are not defined.
  ///
  /// Memory that is far larger than what is needed now is given back.
  func reset(size: Int) -> UnsafeMutableRawBufferPointer {
    if size > capacity || capacity > max(size, 1 << 20) * 4 {
      base.deallocate()
      capacity = max(size, 64)
      base = .allocate(byteCount: capacity, alignment: 16)
    }
    count = size
    return UnsafeMutableRawBufferPointer(start: base, count: size)
  }

  func append(_ more: UnsafeRawBufferPointer) {
    guard let source = more.baseAddress, !more.isEmpty else { return }
    if count + more.count > capacity {
      capacity = max(capacity * 2, count + more.count)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      larger.copyMemory(from: base, byteCount: count)
      base.deallocate()
      base = larger
    }
    (base + count).copyMemory(from: source, byteCount: more.count)
    count += more.count
  }

  /// Keeps only the first bytes.
  func truncate(to size: Int) { count = min(count, size) }
}
