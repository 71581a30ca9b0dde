import Glibc

/// The keys that are wanted, found by their bytes. Objects of one file mostly have the same keys in the same order: that
/// is tried first.
struct JSONKeys: ~Copyable {
  let count: Int
  private let bytes: UnsafeMutableRawPointer
  private let starts: UnsafeMutablePointer<Int>
  private let table: UnsafeMutablePointer<Int32>
  private let mask: Int
  /// The key that stood at each of the first places of the last object.
  private let guesses: UnsafeMutablePointer<Int32>
  private static var places: Int { 256 }

  /// - Parameter keys: all different.
  init(_ keys: [[UInt8]]) {
    count = keys.count
    bytes = .allocate(byteCount: max(1, keys.reduce(0) { $0 + $1.count }), alignment: 1)
    starts = .allocate(capacity: keys.count + 1)
    var size = 16
    while size < keys.count * 2 { size *= 2 }
    mask = size - 1
    table = .allocate(capacity: size)
    table.initialize(repeating: -1, count: size)
    guesses = .allocate(capacity: Self.places)
    guesses.initialize(repeating: -1, count: Self.places)
    starts[0] = 0
    for (index, key) in keys.enumerated() {
      key.withUnsafeBytes { key in
        (bytes + starts[index]).copyMemory(from: key.baseAddress ?? UnsafeRawPointer(bytes), byteCount: key.count)
        starts[index + 1] = starts[index] + key.count
        var slot = Self.hash(key) & mask
        while table[slot] >= 0 { slot = (slot + 1) & mask }
        table[slot] = Int32(index)
      }
    }
  }

  deinit {
    bytes.deallocate()
    starts.deallocate()
    table.deallocate()
    guesses.deallocate()
  }

  /// The number of a key, -1 for one that is not wanted.
  ///
  /// - Parameter place: where it stands in its object, from 0.
  @inline(__always)
  func index(_ key: UnsafeRawBufferPointer, place: Int) -> Int {
    guard place < Self.places else { return find(key) }
    let guess = Int(guesses[place])
    if guess >= 0, equals(guess, key) { return guess }
    let found = find(key)
    guesses[place] = Int32(found)
    return found
  }

  @inline(__always)
  private func equals(_ index: Int, _ key: UnsafeRawBufferPointer) -> Bool {
    let start = starts[index]
    guard starts[index + 1] - start == key.count else { return false }
    return key.isEmpty || memcmp(bytes + start, key.baseAddress.unsafelyUnwrapped, key.count) == 0
  }

  private func find(_ key: UnsafeRawBufferPointer) -> Int {
    var slot = Self.hash(key) & mask
    while table[slot] >= 0 {
      if equals(Int(table[slot]), key) { return Int(table[slot]) }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// FNV-1a.
  private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
