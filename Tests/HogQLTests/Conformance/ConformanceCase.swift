import JSON
import LocalPostgres
import Terminal
import TestSupport

/// A text in HogQL with what ClickHouse answered, or one that must be refused.
struct ConformanceCase: Sendable {
  var id: String
  /// The group that it is reported in.
  var area: String
  var hogql: String
  var values: JSONValue?
  var expected: Expected

  enum Expected: Sendable {
    /// Names of columns, nil where any will do; rows; whether their order counts; how far numbers may be off.
    case rows(columns: [String?], rows: [JSONValue], isOrdered: Bool, tolerance: Double)
    /// An error, in that stretch of the text where it is given.
    case error(ClosedRange<Int64>?)
  }

  static let folder = Disk.parent(of: Disk.parent(of: #filePath)) + "/Cases"

  /// Every case of every `*.jsonl` in the folder.
  static let all: [ConformanceCase] = {
    do {
      let files = (Disk.entries(of: folder) ?? []).filter { $0.hasSuffix(".jsonl") }.sorted()
      return try files.flatMap { try read("\(folder)/\($0)") }
    } catch {
      preconditionFailure("the cases cannot be read: \(error)")
    }
  }()

  static let areas = Set(all.map(\.area)).sorted()

  private static func read(_ path: String) throws -> [ConformanceCase] {
    guard let text = Disk.read(path) else { throw TestFailure("\(path) cannot be read") }
    return try text.split(separator: "\n").map { line in
      guard let found = ConformanceCase(try JSONValue(parsing: String(line))) else { throw TestFailure("\(path) has a line that is no case: \(line)") }
      return found
    }
  }

  private init?(_ line: JSONValue) {
    guard let id = line["id"]?.stringValue, let hogql = line["hogql"]?.stringValue else { return nil }
    self.id = id
    self.hogql = hogql
    values = line["values"]
    if let rows = line["rows"]?.elements {
      area = line["area"]?.stringValue ?? "other"
      expected = .rows(
        columns: (line["columns"]?.elements ?? []).map(\.stringValue), rows: rows, isOrdered: line["ordered"]?.boolValue ?? false,
        tolerance: line["approx"]?.doubleValue ?? Likeness.defaultTolerance)
    } else {
      area = "errors: " + (line["kind"]?.stringValue ?? "other")
      let place = line["at"]?.elements?.compactMap(\.integerValue) ?? []
      expected = .error(place.count == 2 && place[0] <= place[1] ? place[0]...place[1] : nil)
    }
  }

  /// The line that asks for it in a batch.
  var request: String {
    let head: [(key: String, value: JSONValue)] = [("id", .string(id)), ("hogql", .string(hogql))]
    return JSONValue.object(head + (values.map { [(key: "values", value: $0)] } ?? [])).text()
  }

  /// What is wrong with an answer; nil when it is right.
  func complaint(about answer: JSONValue?) -> String? {
    guard let answer else { return "no answer" }
    switch expected {
    case .rows(let columns, let rows, let isOrdered, let tolerance):
      if let error = answer["error"] { return "error: \(error["message"]?.stringValue ?? error.text())" }
      guard let names = answer["columns"]?.elements, let got = answer["rows"]?.elements else { return "no rows in the answer" }
      return complaint(columns, names) ?? complaint(rows, got, isOrdered, Likeness(tolerance: tolerance))
    case .error(let place): return complaint(place, answer)
    }
  }

  private func complaint(_ wanted: [String?], _ names: [JSONValue]) -> String? {
    let isRight = wanted.count == names.count && zip(wanted, names).allSatisfy { $0 == nil || $0 == $1.stringValue }
    return isRight ? nil : "columns: want \(wanted.map { $0 ?? "*" }), got \(JSONValue.array(names).text())"
  }

  private func complaint(_ wanted: [JSONValue], _ got: [JSONValue], _ isOrdered: Bool, _ likeness: Likeness) -> String? {
    func brief(_ rows: [JSONValue]) -> String { String(JSONValue.array(rows).text().prefix(300)) }
    guard wanted.count == got.count else {
      return "want \(wanted.count) rows, got \(got.count); want \(brief(wanted)), got \(brief(got))"
    }
    if isOrdered {
      let wrong = zip(wanted, got).first { !likeness.same($0, $1) }
      return wrong.map { "want \(brief([$0])), got \(brief([$1]))" }
    }
    var left = got
    for row in wanted {
      guard let index = left.firstIndex(where: { likeness.same(row, $0) }) else {
        return "missing \(brief([row])); unmatched \(brief(left))"
      }
      left.remove(at: index)
    }
    return nil
  }

  private func complaint(_ place: ClosedRange<Int64>?, _ answer: JSONValue) -> String? {
    guard let error = answer["error"] else { return "accepted: \(String(answer.text().prefix(300)))" }
    guard let message = error["message"]?.stringValue, !message.isEmpty else { return "no message" }
    guard let position = error["position"]?.integerValue else { return "no position; \(message)" }
    guard (0...Int64(hogql.unicodeScalars.count)).contains(position) else { return "position \(position) is outside the text" }
    if let place, !place.contains(position) { return "position \(position), want \(place); \(message)" }
    return nil
  }
}
