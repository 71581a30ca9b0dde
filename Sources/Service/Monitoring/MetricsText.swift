/// Metrics in the text format that Prometheus reads, version 0.0.4. Pure.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
public struct MetricsText: Sendable {
  public enum Kind: String, Sendable { case gauge, counter, summary }

  public private(set) var text = ""

  public init() {}

  /// Begins a metric; its samples follow.
  public mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// - Parameter labels: in the order in which they are written; their values may be any text.
  public mutating func add(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
    let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",")
    text += name + (list.isEmpty ? "" : "{\(list)}") + " \(Self.number(value))\n"
  }

  /// A metric with one sample.
  public mutating func put(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    begin(name, kind, help)
    add(name, [], value)
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}
