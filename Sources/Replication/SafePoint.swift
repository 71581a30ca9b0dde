import ConnectorKit
import Rows
import SQLText

/// Decides from where the next incremental sync reads: below everything that a transaction which was open at
/// the source could yet commit. Pure.
///
/// Times are compared with the clock: a row's time is no earlier than its transaction's start, less the margin
/// by which clients' clocks may be wrong. Numbers are compared with the largest one from before the open
/// transactions were listed: whoever is not on the list takes its numbers later.
struct SafePoint: Equatable {
  enum Rule: Equatable {
    /// As before: nothing new is safe.
    case keep
    case number(String)
    /// Everything that was written before this moment of the source's clock.
    case moment(String, slack: String)
  }

  var rule: Rule
  var pending: CursorState.Pending?

  /// By how much a client's clock may be behind the source's.
  static let margin = "1 minute"
  /// How far back a source is read again that cannot say what is open.
  static let blindLookback = "10 minutes"

  static func next(after previous: CursorState?, _ horizon: Horizon, _ type: CursorType) -> SafePoint {
    if !horizon.isComplete { return blind(previous, horizon, type) }
    if type.isTime, let oldest = horizon.oldestStart { return SafePoint(rule: .moment(oldest, slack: margin), pending: nil) }
    let candidate = type.isTime ? nil : horizon.largestBefore ?? previous?.high
    let open = horizon.open.map(\.id)
    if open.isEmpty { return SafePoint(rule: rule(candidate, horizon.clock, type), pending: nil) }
    let new = CursorState.Pending(value: candidate, clock: horizon.clock, open: open)
    guard let pending = previous?.pending else { return SafePoint(rule: .keep, pending: new) }
    // A prepared transaction that outlived its server has another id: it may be any of those.
    let isRecovered = open.contains { $0.hasPrefix("-1/") }
    guard Set(pending.open).isDisjoint(with: open), !isRecovered else { return SafePoint(rule: .keep, pending: pending) }
    return SafePoint(rule: rule(pending.value, pending.clock, type), pending: new)
  }

  private static func rule(_ value: String?, _ clock: String, _ type: CursorType) -> Rule {
    if type.isTime { return .moment(clock, slack: margin) }
    return value.map { .number($0) } ?? .keep
  }

  private static func blind(_ previous: CursorState?, _ horizon: Horizon, _ type: CursorType) -> SafePoint {
    if type.isTime { return SafePoint(rule: .moment(horizon.clock, slack: blindLookback), pending: nil) }
    let value = horizon.largestBefore ?? previous?.high
    return SafePoint(rule: value.map { .number($0) } ?? .keep, pending: nil)
  }

  /// The floor as SQL of the cursor's type, for PostgreSQL to compute: never above the largest value that was
  /// read, never below the floor before.
  func floor(previous: CursorState?, high: String?, _ type: CursorType, zone: String) -> SQL {
    let name = SQL(verbatim: Self.typeName(type))
    let before: SQL = "\(Literal(previous?.floor))::\(name)"
    let high: SQL = "\(Literal(high))::\(name)"
    switch rule {
    case .keep: return "(\(before))::text"
    case .number(let value): return "greatest(\(before), least(\(high), \(Literal(value))::\(name)))::text"
    case .moment(let moment, let slack):
      let bound: SQL = "(\(Literal(moment))::timestamptz - \(Literal(slack))::interval)"
      // Where nothing was read yet there is nothing to be below, and an empty table has no floor.
      return "CASE WHEN \(high) IS NOT NULL THEN greatest(\(before), least(\(Self.highest(high, type)), \(Self.bound(bound, type, zone)))) ELSE \(before) END::text"
    }
  }

  /// Local times go back by an hour once a year.
  private static func highest(_ high: SQL, _ type: CursorType) -> SQL {
    type == .timestamp ? "(\(high) - interval '1 hour')" : high
  }

  /// The earliest that a clock on the wall may have shown at a moment: in UTC, or in the source's zone. A day
  /// is still being written until it is over.
  private static func bound(_ moment: SQL, _ type: CursorType, _ zone: String) -> SQL {
    switch type {
    case .timestamp: return "(\(wall(moment, zone)) - interval '1 hour')"
    case .date: return "(\(wall(moment, zone))::date - 1)"
    default: return moment
    }
  }

  private static func wall(_ moment: SQL, _ zone: String) -> SQL {
    "least(\(moment) AT TIME ZONE 'UTC', \(moment) AT TIME ZONE \(Literal(zone)))"
  }

  static func typeName(_ type: CursorType) -> String {
    switch type {
    case .integer: "bigint"
    case .numeric: "numeric"
    case .date: "date"
    case .timestamp: "timestamp"
    case .timestamptz: "timestamptz"
    }
  }
}
