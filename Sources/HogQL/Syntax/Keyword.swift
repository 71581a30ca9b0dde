/// A word with a meaning in the grammar; most may be used as names too.
enum Keyword: UInt8, CaseIterable {
  case none
  case all, and, anti, any, array, `as`, asc, ascending, asof, between, both, by, `case`, cast
  case `catch`, cohort, collate, columns, cross, cube, current, date, day, desc, descending
  case distinct, `else`, end, except, exclude, extract, `false`, fill, filter, final, finally, first
  case fn, following, `for`, from, full, fun, group, grouping, having, hour, id, `if`, ignore, ilike
  case `in`, include, inf, infinity, inner, interpolate, intersect, interval, `is`, join, key
  case lambda, last, leading, left, `let`, like, limit, local, materialized, minute, month, name
  case nan, natural, not, null, nulls, offset, on, or, order, outer, over, partition, pivot
  case positional, preceding, prewhere, qualify, quarter, range, recursive, replace, `return`, right
  case rollup, row, rows, sample, second, select, semi, sets, settings, step, substring, then
  case `throw`, ties, time, timestamp, to, top, totals, trailing, trim, `true`, truncate, `try`
  case try_cast, unbounded, union, unpivot, using, values, week, when, `where`, `while`, window
  case with, within, year, zone

  /// The word in lower case.
  var word: String { "\(self)" }

  /// The keyword that these bytes spell in any case, or `none`.
  @inline(__always)
  init(spelling bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= KeywordTable.longest else {
      self = .none
      return
    }
    self = KeywordTable.shared.find(bytes)
  }

  /// May follow an expression or a table as its name without AS.
  var canBeImplicitAlias: Bool {
    switch self {
    case .none, .date, .id, .key: true
    default: false
    }
  }

  /// A literal, or a word that only quotes make a name.
  var isReserved: Bool {
    switch self {
    case .null, .true, .false, .inf, .infinity, .nan, .except, .intersect: true
    default: false
    }
  }

  /// Begins or joins clauses: at an operand's place it is a name only when no operand follows it.
  var isStructural: Bool {
    switch self {
    case .and, .array, .as, .asc, .between, .by, .cross, .desc, .else, .end, .except, .from, .full,
      .group, .having, .ilike, .in, .inner, .intersect, .is, .join, .like, .limit, .offset, .on,
      .or, .order, .prewhere, .qualify, .sample, .select, .settings, .then, .union, .using, .when,
      .where, .window, .with:
      true
    default: false
    }
  }

  /// The unit that the word names, `day`.
  var intervalUnit: IntervalUnit? {
    switch self {
    case .second: .second
    case .minute: .minute
    case .hour: .hour
    case .day: .day
    case .week: .week
    case .month: .month
    case .quarter: .quarter
    case .year: .year
    default: nil
    }
  }
}

/// All keywords by their spelling: an open hash table over lower-case bytes.
private struct KeywordTable {
  static let shared = KeywordTable()
  static let longest = 12

  private static let slotCount = 1024
  private var slots = [Keyword](repeating: .none, count: slotCount)
  private var spellings = [[UInt8]](repeating: [], count: Keyword.allCases.count)

  private init() {
    for keyword in Keyword.allCases where keyword != .none {
      let spelling = Array(keyword.word.utf8)
      spellings[Int(keyword.rawValue)] = spelling
      var slot = spelling.withUnsafeBufferPointer { Self.slot(of: $0) }
      while slots[slot] != .none { slot = (slot + 1) % Self.slotCount }
      slots[slot] = keyword
    }
  }

  func find(_ bytes: UnsafeBufferPointer<UInt8>) -> Keyword {
    var slot = Self.slot(of: bytes)
    while slots[slot] != .none {
      let keyword = slots[slot]
      if matches(spellings[Int(keyword.rawValue)], bytes) { return keyword }
      slot = (slot + 1) % Self.slotCount
    }
    return .none
  }

  private func matches(_ spelling: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard spelling.count == bytes.count else { return false }
    for index in 0..<bytes.count where spelling[index] != Self.lowercase(bytes[index]) {
      return false
    }
    return true
  }

  private static func slot(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in bytes { hash = (hash ^ UInt32(lowercase(byte))) &* 16_777_619 }
    return Int((hash ^ (hash >> 15)) % UInt32(slotCount))
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
