import JSON
import Rows

/// Writes one JSON value in the form of its column's type.
enum ValueWriter {
  enum Written {
    /// As a time in microseconds or as a whole number, for cursors.
    case number(Int64)
    case done
    /// NULL was written in its place.
    case misfit
  }

  static func write(_ value: Int, of tape: JSONTape, as type: RESTType, into rows: inout RowEncoder) -> Written {
    let kind = tape.kind(value)
    if kind == .null || (kind == .string && tape.range(value).count == 2 && type != .text && type != .reference && type != .json) {
      rows.null()
      return .done
    }
    switch type {
    case .text: return text(value, tape, &rows)
    case .reference:
      guard kind == .object else { return text(value, tape, &rows) }
      guard let id = tape.member(value, "id") else { return text(value, tape, &rows) }
      return text(id, tape, &rows)
    case .json:
      if tape.hasEscapes(value) { tape.storableJSON(value).withUnsafeBytes { rows.jsonb($0) } } else {
        tape.bytes.withUnsafeBytes { rows.jsonb(UnsafeRawBufferPointer(rebasing: $0[tape.range(value)])) }
      }
      return .done
    case .integer:
      guard let number = integer(value, tape) else { return misfit(&rows) }
      rows.int64(number)
      return .number(number)
    case .decimal:
      guard kind == .number || kind == .string, tape.textBytes(value).withUnsafeBytes({ rows.numeric($0) }) else { return misfit(&rows) }
      return .done
    case .double:
      guard kind == .number || kind == .string, let number = Double(tape.string(value)) else { return misfit(&rows) }
      rows.double(number)
      return .done
    case .boolean:
      guard let truth = truth(value, tape) else { return misfit(&rows) }
      rows.bool(truth)
      return .done
    case .unixTime: return moment(scaled(value, tape, 6), &rows)
    case .unixMilliseconds: return moment(scaled(value, tape, 3), &rows)
    case .time: return moment(kind == .string ? Moment.parse(tape.textBytes(value)) : nil, &rows)
    case .date:
      guard kind == .string, let day = Moment.parseDay(Array(tape.textBytes(value).prefix(10))) else { return misfit(&rows) }
      rows.date(daysSince1970: day)
      return .number(Int64(day) * 86_400_000_000)
    }
  }

  private static func misfit(_ rows: inout RowEncoder) -> Written {
    rows.null()
    return .misfit
  }

  private static func moment(_ microseconds: Int64?, _ rows: inout RowEncoder) -> Written {
    // PostgreSQL begins in 4713 BC.
    guard let microseconds, microseconds >= -210_866_803_200_000_000 else { return misfit(&rows) }
    rows.timestamp(microsecondsSince1970: microseconds)
    return .number(microseconds)
  }

  private static func text(_ value: Int, _ tape: JSONTape, _ rows: inout RowEncoder) -> Written {
    if tape.hasEscapes(value) {
      let bytes = tape.kind(value) == .string ? tape.textBytes(value) : tape.storableJSON(value)
      bytes.withUnsafeBytes { rows.bytes($0) }
    } else {
      var range = tape.range(value)
      if tape.kind(value) == .string { range = range.lowerBound + 1..<range.upperBound - 1 }
      tape.bytes.withUnsafeBytes { rows.bytes(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
    return .done
  }

  /// A whole number, as a number or as text; `1.0` and `1e3` are whole too.
  static func integer(_ value: Int, _ tape: JSONTape) -> Int64? {
    guard tape.kind(value) == .number || tape.kind(value) == .string else { return nil }
    return scaled(value, tape, 0)
  }

  /// A number times ten to the power of `shift`; digits beyond that are cut for times, and refused where `shift` is 0.
  private static func scaled(_ value: Int, _ tape: JSONTape, _ shift: Int) -> Int64? {
    guard tape.kind(value) == .number || tape.kind(value) == .string else { return nil }
    let text = tape.string(value)
    if let whole = Int64(text) {
      return (0..<shift).reduce(Optional(whole)) { number, _ in number.flatMap { let (n, o) = $0.multipliedReportingOverflow(by: 10); return o ? nil : n } }
    }
    return decimal(text, shift)
  }

  private static func decimal(_ text: String, _ shift: Int) -> Int64? {
    let lower = text.lowercased()
    let halves = lower.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    guard let mantissa = halves.first, let exponent = halves.count == 2 ? Int(halves[1]) : 0, abs(exponent) < 40 else { return nil }
    let isNegative = mantissa.hasPrefix("-")
    let parts = mantissa.drop { $0 == "-" || $0 == "+" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, first.allSatisfy(\.isASCIIDigit), parts.count == 1 || parts[1].allSatisfy(\.isASCIIDigit), !first.isEmpty else { return nil }
    let digits = first + (parts.count == 2 ? parts[1] : "")
    let places = (parts.count == 2 ? parts[1].count : 0) - exponent - shift
    var kept = String(digits)
    if places > 0 {
      let cut = kept.suffix(places)
      if shift == 0, cut.contains(where: { $0 != "0" }) { return nil }
      kept = String(kept.dropLast(places))
    } else {
      kept += String(repeating: "0", count: -places)
    }
    return Int64((isNegative ? "-" : "") + (kept.isEmpty ? "0" : kept))
  }

  private static func truth(_ value: Int, _ tape: JSONTape) -> Bool? {
    switch tape.kind(value) {
    case .bool: return tape.string(value) == "true"
    case .string:
      let text = tape.string(value)
      return text == "true" ? true : text == "false" ? false : nil
    default: return nil
    }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
