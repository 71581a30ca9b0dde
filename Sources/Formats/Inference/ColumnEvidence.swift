import Rows

/// What the samples show of one column.
struct ColumnEvidence: Sendable, Hashable {
  var seen: ValueClass = []

  /// The type that holds every value seen as it is, and why it says less than the values do, if it does.
  func type() -> (type: ColumnType, note: String?) {
    let values = seen.subtracting(.nothing)
    if values.isEmpty { return (.text, "no value was seen: text until there is one") }
    if let type = Self.single(values) {
      let becomesNull = seen.contains(.empty) && type != .text && type != .jsonb
      return (type, becomesNull ? "an empty text becomes NULL" : nil)
    }
    if values.contains(.container) { return (.jsonb, "arrays or objects, and other values") }
    return (.text, Self.note(values))
  }

  private static func single(_ values: ValueClass) -> ColumnType? {
    if values == .integer { return ColumnType("bigint") }
    // Never floating point: a decimal text keeps its digits.
    if values.isSubset(of: [.numbers, .special]), values != .special { return ColumnType("numeric") }
    if values == .bool || values.isSubset(of: [.bool, .letterT, .letterF]) && values.isSuperset(of: [.letterT, .letterF]) {
      return ColumnType("boolean")
    }
    if values == .date { return ColumnType("date") }
    if values.isSubset(of: [.date, .timestamp]) { return ColumnType("timestamp without time zone") }
    if values == .timestamptz { return .timestamptz }
    if values == .time { return ColumnType("time without time zone") }
    if values == .uuid { return ColumnType("uuid") }
    if values == .container { return .jsonb }
    return values == .text || values.isSubset(of: [.text, .letterT, .letterF]) ? .text : nil
  }

  private static func note(_ values: ValueClass) -> String {
    if values.contains(.zeroPadded), values.isSubset(of: [.zeroPadded, .numbers]) {
      return "text, since a number would lose its zeros in front"
    }
    if values.contains(.fineTime), values.isSubset(of: [.fineTime, .times]) {
      return "text, since the times have more digits than microseconds"
    }
    if values.isSubset(of: .times) { return "text, since some of the times have a time zone and some have none" }
    return "text, since the values are of several kinds"
  }
}
