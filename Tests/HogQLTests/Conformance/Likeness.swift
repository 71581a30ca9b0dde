import JSON
import Terminal

/// Whether two values of answers are the same to whoever reads them.
///
/// Integers and floats of equal value are; texts that are JSON are compared as JSON; a boolean counts as 1 or 0. A
/// number is not its text, save one beyond 2^53.
struct Likeness: Sendable {
  static let defaultTolerance = 1e-9
  /// Relative.
  var tolerance: Double

  func same(_ wanted: JSONValue, _ got: JSONValue) -> Bool {
    switch (wanted, got) {
    case (.null, _), (_, .null): return wanted.isNull && got.isNull
    case (.array(let left), _): return got.elements.map { all(left, $0) } ?? false
    case (.object(let left), _): return got.members.map { all(left, $0) } ?? false
    case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8) || areSameJSON(left, right)
    case (.string(let left), .number(let right)): return left == right && !right.contains { ".eE".contains($0) }
    case (.string(let left), .integer(let right)): return left == "\(right)" && right.magnitude > 1 << 53
    case (.string, _): return false
    case (_, .string(let right)):
      guard let left = number(wanted), abs(left) > 0x1p53, Self.isWhole(right) else { return false }
      return JSONValue.number(right) == wanted || isClose(left, Double(right) ?? .nan)
    default: return sameNumbers(wanted, got)
    }
  }

  private func all(_ left: [JSONValue], _ right: [JSONValue]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
  }

  private func all(_ left: [(key: String, value: JSONValue)], _ right: [(key: String, value: JSONValue)]) -> Bool {
    guard Set(left.map(\.key)) == Set(right.map(\.key)) else { return false }
    return left.allSatisfy { member in right.contains { $0.key == member.key && same(member.value, $0.value) } }
  }

  private func areSameJSON(_ left: String, _ right: String) -> Bool {
    guard let a = left.first, let b = right.first, "{[".contains(a), "{[".contains(b), let wanted = try? JSONValue(parsing: left),
      let got = try? JSONValue(parsing: right)
    else { return false }
    return Likeness(tolerance: 0).same(wanted, got)
  }

  private func sameNumbers(_ wanted: JSONValue, _ got: JSONValue) -> Bool {
    if tolerance <= Self.defaultTolerance, let left = integer(wanted), let right = integer(got) { return left == right }
    guard let left = number(wanted), let right = number(got) else { return false }
    return isClose(left, right)
  }

  private func integer(_ value: JSONValue) -> Int64? { value.integerValue ?? value.boolValue.map { $0 ? 1 : 0 } }
  private func number(_ value: JSONValue) -> Double? { value.doubleValue ?? integer(value).map { Double($0) } }

  private func isClose(_ left: Double, _ right: Double) -> Bool {
    let distance = abs(left - right)
    return distance <= tolerance * max(abs(left), abs(right), 1e-300) || distance < 1e-12
  }

  private static func isWhole(_ text: String) -> Bool {
    text.utf8.drop { $0 == UInt8(ascii: "-") }.allSatisfy { (48...57).contains($0) } && text.utf8.count < 80
  }
}
