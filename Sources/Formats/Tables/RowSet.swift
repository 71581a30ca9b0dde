/// A set of rows of one file, by their positions from 0.
struct RowSet: Sendable, Hashable {
  /// For each run of 65,536 positions that has any, a bit for each.
  private var bitmaps: [Int64: [UInt64]] = [:]
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  init() {}

  init(_ positions: some Sequence<Int64>) {
    for position in positions { insert(position) }
  }

  mutating func insert(_ position: Int64) {
    let (word, bit) = (Int(position & 0xFFFF) >> 6, UInt64(1) << UInt64(position & 63))
    let old = bitmaps[position >> 16, default: Self.empty][word]
    if old & bit != 0 { return }
    bitmaps[position >> 16, default: Self.empty][word] = old | bit
    count += 1
  }

  func contains(_ position: Int64) -> Bool {
    guard let bitmap = bitmaps[position >> 16] else { return false }
    return bitmap[Int(position & 0xFFFF) >> 6] & UInt64(1) << UInt64(position & 63) != 0
  }

  mutating func formUnion(_ other: RowSet) {
    for (key, words) in other.bitmaps {
      var own = bitmaps[key, default: Self.empty]
      for index in own.indices { own[index] |= words[index] }
      bitmaps[key] = own
    }
    count = bitmaps.values.reduce(0) { $1.reduce($0) { $0 + $1.nonzeroBitCount } }
  }

  private static let empty = [UInt64](repeating: 0, count: 1_024)
}
