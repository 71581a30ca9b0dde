import ObjectStores
import Rows

/// The columns that paths tell, such as `orders/dt=2024-01-01/country=de/part-0.parquet`.
enum PathColumns {
  /// In the order in which they are first seen; a type holds all of a column's values.
  static func of(_ keys: [String]) -> [(name: String, type: ColumnType)] {
    var order: [String] = []
    var found: [String: [String?]] = [:]
    for key in keys {
      for value in HivePartitions.values(in: key) {
        if found[value.name] == nil { order.append(value.name) }
        found[value.name, default: []].append(value.value)
      }
    }
    return order.map { ($0, type(found[$0] ?? [])) }
  }

  /// Numbers and dates only where they are written as PostgreSQL writes them: `07` stays a text.
  static func type(_ values: [String?]) -> ColumnType {
    let known = values.compactMap { $0 }
    guard !known.isEmpty else { return .text }
    if known.allSatisfy({ value in Int64(value).map { "\($0)" == value } ?? false }) { return ColumnType("bigint") }
    return known.allSatisfy(isDate) ? ColumnType("date") : .text
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return false }
    guard let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month) else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return year > 0 && (1...days[month - 1]).contains(day)
  }
}
