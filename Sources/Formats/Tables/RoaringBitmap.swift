extension RowSet {
  /// Reads a 64-bit Roaring bitmap in its portable form: a 32-bit one for each value of the upper half.
  ///
  /// Format: https://github.com/RoaringBitmap/RoaringFormatSpec.
  ///
  /// - Parameter rows: how many rows the file has; a position beyond them is an error, and so no small bitmap takes much
  ///   memory.
  init(roaring bytes: ArraySlice<UInt8>, rows: Int64) throws(FormatError) {
    self.init()
    var reader = RoaringReader(rest: bytes, rows: rows)
    let buckets = try reader.integer(8)
    for _ in 0..<buckets {
      let high = try reader.integer(4)
      guard high <= UInt64(Int32.max) else { throw RoaringReader.broken("it names rows beyond any file") }
      try reader.bitmap(Int64(high) << 32, into: &self)
    }
    guard reader.rest.isEmpty else { throw RoaringReader.broken("it has \(reader.rest.count) bytes too many") }
  }
}

private struct RoaringReader {
  var rest: ArraySlice<UInt8>
  let rows: Int64

  static func broken(_ why: String) -> FormatError {
    FormatError(.corrupt, "the list of deleted rows is broken: \(why)")
  }

  mutating func integer(_ width: Int) throws(FormatError) -> UInt64 {
    try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw Self.broken("it ends too early") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// One 32-bit bitmap, whose positions are counted from `base`.
  mutating func bitmap(_ base: Int64, into set: inout RowSet) throws(FormatError) {
    let cookie = try integer(4)
    let hasRuns = cookie & 0xFFFF == 12_347
    guard hasRuns || cookie == 12_346 else { throw Self.broken("its mark is \(cookie)") }
    let size = hasRuns ? Int(cookie >> 16) + 1 : Int(try integer(4))
    guard size <= 65_536 else { throw Self.broken("it has \(size) parts") }
    let runMarks = hasRuns ? Array(try take((size + 7) / 8)) : []
    var headers: [(key: Int64, count: Int)] = []
    for _ in 0..<size { headers.append((Int64(try integer(2)), Int(try integer(2)) + 1)) }
    // The parts follow in order, so that their offsets are of no use here.
    if !hasRuns || size >= 4 { _ = try take(4 * size) }
    for (index, header) in headers.enumerated() {
      let isRun = hasRuns && runMarks[index / 8] & 1 << (index % 8) != 0
      try part(base + header.key << 16, header.count, isRun, &set)
    }
  }

  private mutating func part(_ base: Int64, _ count: Int, _ isRun: Bool, _ set: inout RowSet) throws(FormatError) {
    if isRun {
      for _ in 0..<(try integer(2)) {
        let start = base + Int64(try integer(2))
        for position in start...start + Int64(try integer(2)) { try insert(position, &set) }
      }
    } else if count <= 4_096 {
      for _ in 0..<count { try insert(base + Int64(try integer(2)), &set) }
    } else {
      for word in 0..<1_024 {
        var bits = try integer(8)
        while bits != 0 {
          try insert(base + Int64(word * 64 + bits.trailingZeroBitCount), &set)
          bits &= bits - 1
        }
      }
    }
  }

  private func insert(_ position: Int64, _ set: inout RowSet) throws(FormatError) {
    guard position < rows else { throw Self.broken("it names row \(position + 1) of a file of \(rows) rows") }
    set.insert(position)
  }
}
