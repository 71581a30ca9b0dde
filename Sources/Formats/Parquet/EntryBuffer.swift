import Rows

/// The encoded entries of one column, waiting to become rows: fields of a `COPY` stream, or pieces of JSON with their levels.
final class EntryBuffer {
  var encoder = RowEncoder(columns: 0, capacity: 4 << 10)
  /// Where each entry ends in the encoder's bytes.
  private(set) var ends: UnsafeMutablePointer<Int>
  /// The levels of each entry, only for nested columns.
  private(set) var definitions: UnsafeMutablePointer<UInt16>
  private(set) var repetitions: UnsafeMutablePointer<UInt16>
  private let hasLevels: Bool
  /// Entries held, and the room for them.
  private(set) var count = 0
  private var capacity = 64
  /// The number, within the column chunk, of the first entry held.
  private(set) var origin = 0
  /// Why entries cannot be taken, by their number within the column chunk.
  var misfits: [Int: String] = [:]

  init(hasLevels: Bool) {
    self.hasLevels = hasLevels
    ends = .allocate(capacity: capacity)
    definitions = .allocate(capacity: hasLevels ? capacity : 1)
    repetitions = .allocate(capacity: hasLevels ? capacity : 1)
  }

  deinit {
    ends.deallocate()
    definitions.deallocate()
    repetitions.deallocate()
  }

  /// Where the entry begins in the encoder's bytes.
  @inline(__always) func start(_ index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

  /// The entries as a source of rows; valid until any are added or removed.
  func fields(isConstant: Bool = false) -> EncodedFields { encoder.fields(ends: ends, isConstant: isConstant) }

  /// Makes room for more entries. `fill` writes them, and where each ends.
  @inline(__always)
  func add(_ more: Int, _ fill: (inout RowEncoder, UnsafeMutablePointer<Int>) -> Void) {
    reserve(more)
    fill(&encoder, ends + count)
    count += more
  }

  /// The levels of the entries that are added next.
  func setLevels(_ more: Int, definitions: UnsafePointer<UInt32>, repetitions: UnsafePointer<UInt32>) {
    reserve(more)
    for index in 0..<more {
      self.definitions[count + index] = UInt16(truncatingIfNeeded: definitions[index])
      self.repetitions[count + index] = UInt16(truncatingIfNeeded: repetitions[index])
    }
  }

  func removeFirst(_ entries: Int) {
    precondition(entries >= 0 && entries <= count, "a buffer forgets only what it holds")
    origin += entries
    if !misfits.isEmpty { misfits = misfits.filter { $0.key >= origin } }
    guard entries < count else {
      encoder.removeAll()
      count = 0
      return
    }
    guard entries > 0 else { return }
    let bytes = ends[entries - 1]
    encoder.removeFirst(bytes)
    for index in entries..<count { ends[index - entries] = ends[index] - bytes }
    if hasLevels {
      definitions.update(from: definitions + entries, count: count - entries)
      repetitions.update(from: repetitions + entries, count: count - entries)
    }
    count -= entries
  }

  /// For the next column chunk.
  func removeAll() {
    encoder.removeAll()
    misfits = [:]
    (count, origin) = (0, 0)
  }

  private func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    let larger = max(capacity * 2, count + more)
    ends = Self.grown(ends, count, larger)
    if hasLevels {
      definitions = Self.grown(definitions, count, larger)
      repetitions = Self.grown(repetitions, count, larger)
    }
    capacity = larger
  }

  private static func grown<Element>(_ old: UnsafeMutablePointer<Element>, _ count: Int, _ capacity: Int)
    -> UnsafeMutablePointer<Element>
  {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    new.update(from: old, count: count)
    old.deallocate()
    return new
  }
}
