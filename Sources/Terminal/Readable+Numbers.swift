/// Quantities as people read them. `–` stands for what is not a number.
public enum Readable {
  static let unknown = "–"

  /// `0 B`, `999 B`, `1.2 kB`, `12.3 MB`, `123 GB`, in powers of 1000.
  public static func bytes(_ count: some BinaryInteger) -> String {
    let scaled = scale(Double(count), units: ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
    return "\(scaled.number) \(scaled.unit)"
  }

  /// `1,234,567`.
  public static func count(_ count: some BinaryInteger) -> String {
    let digits = Array(String(count.magnitude))
    var result = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  /// `412k rows/s`, `1.2M rows/s`, `3.4 rows/s`.
  public static func rate(_ perSecond: Double, of unit: String = "rows") -> String {
    guard perSecond.isFinite else { return unknown }
    let scaled = scale(perSecond, units: ["", "k", "M", "G", "T", "P", "E"])
    return "\(scaled.number)\(scaled.unit) \(unit)/s"
  }

  /// `12.3 MB/s`.
  public static func byteRate(_ perSecond: Double) -> String {
    guard perSecond.isFinite else { return unknown }
    return bytes(Int64(clamping: perSecond.rounded())) + "/s"
  }

  /// `0%`, `<1%`, `63%`, `100%`. Rounded down, so that 100% means all of it.
  public static func percent(_ fraction: Double) -> String {
    guard fraction.isFinite else { return unknown }
    if fraction > 0 && fraction < 0.01 { return "<1%" }
    // The nearest Double to 0.29 times 100 lies below 29.
    return "\(count(Int64(clamping: (fraction * 100 + 1e-9).rounded(.down))))%"
  }

  /// Three digits or less, with a decimal below 100 where it says something, and the unit it counts.
  private static func scale(_ value: Double, units: [String]) -> (number: String, unit: String) {
    var size = value.magnitude
    var unit = 0
    // What would be rounded to 1000 belongs to the next unit.
    while size >= 999.5 && unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    let hasDecimal = size < 99.95 && (unit > 0 || size != size.rounded())
    let number = hasDecimal ? decimal(size) : count(Int64(clamping: size.rounded()))
    let sign = value < 0 && number != "0.0" ? "-" : ""
    return (sign + number, units[unit])
  }

  /// The value with one decimal; it must fit into an `Int64` tenfold.
  static func decimal(_ value: Double) -> String {
    let tenths = Int64(clamping: (value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Int64 {
  /// The nearest number, with the ends for what lies beyond them and 0 for what is no number.
  init(clamping value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= 0x1p63 {
      self = .max
    } else {
      self = value <= -0x1p63 ? .min : Int64(value)
    }
  }
}
