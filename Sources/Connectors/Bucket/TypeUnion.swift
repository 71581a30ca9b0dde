import Rows

/// The type that holds the values of two types as they are.
enum TypeUnion {
  /// - Returns: `text` where nothing narrower holds both.
  static func of(_ left: ColumnType, _ right: ColumnType) -> ColumnType {
    if left == right { return left }
    if left == .text || right == .text { return .text }
    if let both = exactNumbers(left, right) { return both }
    if isNumber(left), isNumber(right) { return floats(left, right) }
    let pair = Set([left.name, right.name])
    if pair == ["date", "timestamp without time zone"] { return ColumnType("timestamp without time zone") }
    if pair == ["date", "timestamp with time zone"] { return .timestamptz }
    if pair.contains("jsonb") { return .jsonb }
    return .text
  }

  private static let integers = ["smallint": 5, "integer": 10, "bigint": 19]

  /// Digits before and after the point; nil after it where there is no limit.
  private static func digits(_ type: ColumnType) -> (before: Int, after: Int)? {
    if let digits = integers[type.name] { return (digits, 0) }
    guard type.name.hasPrefix("numeric("), type.name.hasSuffix(")") else { return nil }
    let parts = type.name.dropFirst("numeric(".count).dropLast().split(separator: ",").compactMap { Int($0) }
    guard let precision = parts.first else { return nil }
    let scale = parts.count > 1 ? parts[1] : 0
    return (precision - scale, scale)
  }

  private static func exactNumbers(_ left: ColumnType, _ right: ColumnType) -> ColumnType? {
    if let a = integers[left.name], let b = integers[right.name] { return a > b ? left : right }
    if let a = digits(left), let b = digits(right) {
      let (before, after) = (max(a.before, b.before), max(a.after, b.after))
      return ColumnType("numeric(\(before + after),\(after))")
    }
    let isExact = { (type: ColumnType) in type.name == "numeric" || digits(type) != nil }
    return isExact(left) && isExact(right) ? ColumnType("numeric") : nil
  }

  private static func isNumber(_ type: ColumnType) -> Bool {
    type.name == "numeric" || type.name == "real" || type.name == "double precision" || digits(type) != nil
  }

  /// A whole number of 64 bits has more digits than a double holds.
  private static func floats(_ left: ColumnType, _ right: ColumnType) -> ColumnType {
    let names = Set([left.name, right.name])
    let small = names.subtracting(["real", "double precision"]).allSatisfy { $0 == "smallint" || $0 == "integer" }
    return small ? ColumnType("double precision") : ColumnType("numeric")
  }
}
