/// How a piece of text is shown where colours are on.
public enum Paint: Sendable, Hashable, CaseIterable {
  case plain, bold, dim, red, green, yellow, blue, cyan

  /// The numbers of the escapes that begin and end it.
  var codes: (on: Int, off: Int)? {
    switch self {
    case .plain: nil
    case .bold: (1, 22)
    case .dim: (2, 22)
    case .red: (31, 39)
    case .green: (32, 39)
    case .yellow: (33, 39)
    case .blue: (34, 39)
    case .cyan: (36, 39)
    }
  }

  /// Whether `code` is one that a ``Style`` writes, or the reset.
  static func isKnown(_ code: Int) -> Bool {
    code == 0 || allCases.contains { $0.codes?.on == code || $0.codes?.off == code }
  }
}

/// Paints text with colours, or leaves it as it is where they are off.
public struct Style: Sendable, Hashable {
  public let isOn: Bool

  public init(isOn: Bool) { self.isOn = isOn }

  /// Text without any escapes.
  public static let off = Style(isOn: false)

  /// Decides by the customs of the terminal world. `NO_COLOR` turns colours off, whatever else is set;
  /// `CLICOLOR_FORCE` turns them on even in a pipe; `CLICOLOR=0` and `TERM=dumb` turn them off; without any
  /// of these they are on where a person looks at a terminal.
  public init(isTerminal: Bool, environment: (String) -> String?) {
    func isSet(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
    if isSet("NO_COLOR") {
      isOn = false
    } else if isSet("CLICOLOR_FORCE") && environment("CLICOLOR_FORCE") != "0" {
      isOn = true
    } else {
      isOn = isTerminal && !Self.isDumb(environment) && environment("CLICOLOR") != "0"
    }
  }

  /// Whether the terminal knows no escapes, or nobody says what it is.
  static func isDumb(_ environment: (String) -> String?) -> Bool {
    ["", "dumb"].contains(environment("TERM") ?? "")
  }

  /// The text in `paint`. A dim part inside bold text ends the bold too.
  public func callAsFunction(_ text: String, _ paint: Paint) -> String {
    guard isOn, !text.isEmpty, let codes = paint.codes else { return text }
    return "\u{1B}[\(codes.on)m\(text)\u{1B}[\(codes.off)m"
  }

  public func bold(_ text: String) -> String { self(text, .bold) }
  public func dim(_ text: String) -> String { self(text, .dim) }
  public func red(_ text: String) -> String { self(text, .red) }
  public func green(_ text: String) -> String { self(text, .green) }
  public func yellow(_ text: String) -> String { self(text, .yellow) }
  public func blue(_ text: String) -> String { self(text, .blue) }
  public func cyan(_ text: String) -> String { self(text, .cyan) }
}
