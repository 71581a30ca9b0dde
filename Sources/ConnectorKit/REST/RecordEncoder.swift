import JSON
import Rows

/// Turns the records of a page into rows, in the order of a stream's columns, straight from the page's bytes.
struct RecordEncoder: Sendable {
  /// What fields become, by their names on one level of a record.
  private final class Level: Sendable {
    let columns: [[UInt8]: Int]
    let levels: [[UInt8]: Level]

    init(columns: [[UInt8]: Int], levels: [[UInt8]: Level]) {
      self.columns = columns
      self.levels = levels
    }
  }

  /// What a page's rows say beside their values.
  struct Outcome: Sendable {
    /// The largest cursor, in microseconds or as a whole number; nil where none has one.
    var high: Int64?
    /// The cursor of the last record.
    var last: Int64?
    /// Fields that are not declared.
    var unknown: Set<String> = []
    /// Columns whose value did not fit.
    var misfits: Set<String> = []
  }

  /// The column for fields that are not declared.
  static let extra = "_hedgerow_extra"

  let columns: [RESTColumn]
  /// How many columns a row has.
  var width: Int { columns.count + (keepsUnknown ? 1 : 0) }
  private let cursor: Int?
  private let top: Level
  private let keepsUnknown: Bool
  /// Names that are left to themselves: declared columns that are not wanted.
  private let ignored: Set<String>

  /// - Parameters:
  ///   - columns: those that are wanted, in order.
  ///   - declared: all of the stream's, so that one that is not wanted is not taken for an unknown one.
  ///   - leftOut: fields that are never stored.
  ///   - keepsUnknown: adds `_hedgerow_extra` as the last column.
  init(columns: [RESTColumn], declared: [RESTColumn], leftOut: [String] = [], cursorField: String?, keepsUnknown: Bool) {
    self.columns = columns
    self.keepsUnknown = keepsUnknown
    cursor = cursorField.flatMap { field in columns.firstIndex { $0.name == field } }
    top = Self.level(columns.enumerated().map { ($0.element.from?.keys ?? [$0.element.name], $0.offset) })
    let wanted = Set(columns.map(\.name))
    ignored = Set(declared.filter { !wanted.contains($0.name) }.map { $0.from?.keys.first ?? $0.name } + leftOut)
  }

  private static func level(_ paths: [(keys: [String], column: Int)]) -> Level {
    var columns: [[UInt8]: Int] = [:]
    var deeper: [String: [(keys: [String], column: Int)]] = [:]
    for (keys, column) in paths {
      guard let first = keys.first else { continue }
      if keys.count == 1 { columns[Array(first.utf8)] = column } else { deeper[first, default: []].append((Array(keys.dropFirst()), column)) }
    }
    return Level(columns: columns, levels: Dictionary(deeper.map { (Array($0.key.utf8), level($0.value)) }, uniquingKeysWith: { first, _ in first }))
  }

  // MARK: Writing

  /// Writes one record as a row.
  ///
  /// - Parameters:
  ///   - replaced: JSON to take in place of a field's, by its name: lists that were cut.
  ///   - constants: texts for columns that no field fills.
  func write(
    _ record: Int, of tape: JSONTape, into rows: inout RowEncoder, _ outcome: inout Outcome,
    replaced: [String: [UInt8]] = [:], constants: [String: String] = [:]
  ) {
    var slots = [Int](repeating: -1, count: columns.count)
    var extra: [UInt8] = []
    collect(record, tape, top, prefix: "", &slots, &extra, &outcome)
    rows.beginRow()
    for (index, column) in columns.enumerated() {
      if let constant = constants[column.name] {
        rows.text(constant)
      } else if let json = replaced[column.name] {
        json.withUnsafeBytes { rows.jsonb($0) }
      } else if slots[index] < 0 || tape.isNull(slots[index]) {
        rows.null()
      } else {
        let value = slots[index]
        let moment = ValueWriter.write(value, of: tape, as: column.type, into: &rows)
        if case .misfit = moment {
          outcome.misfits.insert(column.name)
          Self.add(Array(column.name.utf8), value, tape, to: &extra)
        }
        if index == cursor, case .number(let number) = moment { note(number, &outcome) }
      }
    }
    if keepsUnknown {
      if extra.isEmpty { rows.null() } else {
        extra.append(UInt8(ascii: "}"))
        extra.withUnsafeBytes { rows.jsonb($0) }
      }
    }
    rows.endRow()
  }

  /// Writes the key columns of one record, in the order of the table's columns.
  func writeKey(_ record: Int, of tape: JSONTape, key: [String], into rows: inout RowEncoder) {
    rows.beginRow()
    for column in columns where key.contains(column.name) {
      guard let value = tape.value(record, at: column.from?.keys ?? [column.name]), !tape.isNull(value) else {
        rows.null()
        continue
      }
      _ = ValueWriter.write(value, of: tape, as: column.type, into: &rows)
    }
    rows.endRow()
  }

  private func note(_ number: Int64, _ outcome: inout Outcome) {
    outcome.last = number
    outcome.high = max(outcome.high ?? number, number)
  }

  /// Finds each column's value, and puts aside what has no column.
  private func collect(
    _ object: Int, _ tape: JSONTape, _ level: Level, prefix: String, _ slots: inout [Int], _ extra: inout [UInt8], _ outcome: inout Outcome
  ) {
    guard tape.kind(object) == .object else { return }
    var at = object + 1
    let end = tape.after(object)
    while at < end {
      let name = tape.textBytes(at)
      let value = at + 1
      at = tape.after(value)
      if let column = level.columns[name] {
        slots[column] = value
      } else if let deeper = level.levels[name] {
        collect(value, tape, deeper, prefix: prefix + String(decoding: name, as: UTF8.self) + ".", &slots, &extra, &outcome)
      } else if keepsUnknown, !tape.isNull(value) {
        let text = prefix + String(decoding: name, as: UTF8.self)
        if prefix.isEmpty && ignored.contains(text) { continue }
        outcome.unknown.insert(text)
        Self.add(Array(text.utf8), value, tape, to: &extra)
      }
    }
  }

  private static func add(_ name: [UInt8], _ value: Int, _ tape: JSONTape, to extra: inout [UInt8]) {
    extra.append(extra.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
    extra += Array(JSONValue.string(String(decoding: name, as: UTF8.self)).text().utf8)
    extra.append(UInt8(ascii: ":"))
    extra += tape.storableJSON(value)
  }
}
