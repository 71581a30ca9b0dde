extension HogQLType {
  /// The type that holds values of both, as ClickHouse widens branches of `if`, array elements and members of a
  /// union; nil when there is none (a number and a string).
  public func widened(with other: HogQLType) -> HogQLType? {
    guard let kind = HogQLType.widened(kind, other.kind) else { return nil }
    return HogQLType(kind, isNullable: isNullable || other.isNullable)
  }

  /// The common supertype of all, `.null` for none.
  public static func widened(_ types: [HogQLType]) -> HogQLType? {
    var result: HogQLType?
    for type in types {
      guard let current = result else {
        result = type
        continue
      }
      guard let next = current.widened(with: type) else { return nil }
      result = next
    }
    return result ?? .null
  }

  private static func widened(_ left: Kind, _ right: Kind) -> Kind? {
    if left == right { return left }
    switch (left, right) {
    case (.null, let other), (let other, .null): return other
    case (.array(let a), .array(let b)): return a.widened(with: b).map { .array($0) }
    case (.tuple(let a), .tuple(let b)): return widenedTuple(a, b)
    case (.map(let k, let v), .map(let l, let w)):
      guard let key = k.widened(with: l), let value = v.widened(with: w) else { return nil }
      return .map(key, value)
    case (.string, .json), (.json, .string): return .string
    case (.date, .dateTime), (.dateTime, .date): return left == .date ? right : left
    case (.dateTime(let p, let z), .dateTime(let q, let y)): return .dateTime(precision: max(p, q), zone: z ?? y)
    default: return widenedNumber(left, right)
    }
  }

  private static func widenedTuple(_ left: [HogQLType], _ right: [HogQLType]) -> Kind? {
    guard left.count == right.count else { return nil }
    var elements: [HogQLType] = []
    for (a, b) in zip(left, right) {
      guard let element = a.widened(with: b) else { return nil }
      elements.append(element)
    }
    return .tuple(elements)
  }

  private static func widenedNumber(_ left: Kind, _ right: Kind) -> Kind? {
    let types = [HogQLType(left), HogQLType(right)]
    guard types.allSatisfy(\.isNumeric) else { return nil }
    if types.contains(where: \.isFloat) { return .float }
    let scales = types.compactMap(\.decimalScale)
    if let scale = scales.max() { return .decimal(scale: scale) }
    if types.contains(where: { $0.kind == .int }) { return .int }
    return .flag
  }
}
