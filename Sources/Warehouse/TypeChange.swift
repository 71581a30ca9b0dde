public import Rows

/// What it means that a column's type changes. Pure.
public enum TypeChange: Sendable, Equatable {
  case same
  /// Every value stays as it is stored.
  case relabel
  /// Every value has one in the new type, written differently.
  case widen
  /// Values may not fit, or mean something else.
  case other

  public init(from old: ColumnType, to new: ColumnType) {
    self = Self.compare(Parts(old.name), Parts(new.name))
  }

  private static let order = ["smallint", "integer", "bigint", "numeric"]

  private static func compare(_ old: Parts, _ new: Parts) -> TypeChange {
    if old == new { return .same }
    if old == Parts("date"), new == Parts("timestamp without time zone") { return .widen }
    if old.suffix != new.suffix || old.isArray != new.isArray { return .other }
    if old.isArray { return .other }
    let from = order.firstIndex(of: old.name)
    let to = order.firstIndex(of: new.name)
    if let from, let to, from < to { return new.numbers.isEmpty ? .widen : .other }
    switch (old.name, new.name) {
    case ("numeric", "numeric"): return numeric(old.numbers, new.numbers)
    case ("real", "double precision"): return .widen
    case ("character varying", "character varying"), ("bit varying", "bit varying"):
      return new.numbers.isEmpty || (!old.numbers.isEmpty && old.numbers[0] <= new.numbers[0]) ? .relabel : .other
    case ("character varying", "text"): return .relabel
    case ("timestamp", "timestamp"), ("time", "time"):
      return new.numbers.isEmpty || (!old.numbers.isEmpty && old.numbers[0] <= new.numbers[0]) ? .relabel : .other
    default: return .other
    }
  }

  /// A numeric keeps its values where neither side of its point becomes shorter. A longer scale is written into each:
  /// 1.50 becomes 1.5000, at the source too.
  private static func numeric(_ old: [Int], _ new: [Int]) -> TypeChange {
    if new.isEmpty { return .relabel }
    guard old.count == 2, new.count == 2, old[1] <= new[1], old[0] - old[1] <= new[0] - new[1] else { return .other }
    return old[1] == new[1] ? .relabel : .widen
  }

  /// A type's name taken apart: `timestamp(3) without time zone[]`.
  struct Parts: Equatable {
    var name: String
    var numbers: [Int]
    var suffix: String
    var isArray: Bool

    init(_ text: String) {
      var rest = text
      isArray = rest.hasSuffix("[]")
      if isArray { rest.removeLast(2) }
      suffix = ""
      for ending in [" without time zone", " with time zone"] where rest.hasSuffix(ending) {
        suffix = ending
        rest.removeLast(ending.count)
      }
      numbers = []
      if let open = rest.firstIndex(of: "("), let close = rest.lastIndex(of: ")") {
        numbers = rest[rest.index(after: open)..<close].split(separator: ",").compactMap { Int($0) }
        rest.removeSubrange(open...close)
      }
      name = rest
    }
  }
}
