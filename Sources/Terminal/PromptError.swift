/// Why a question got no answer.
public enum PromptError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The process has no terminal to ask on.
  case noTerminal
  /// The person pressed Ctrl-C, or the process was told to end.
  case interrupted
  /// The person pressed Ctrl-D, or the terminal went away.
  case noAnswer

  public var description: String {
    switch self {
    case .noTerminal:
      "There is no terminal to ask on. Give the value on the command line, as env:VAR or file:PATH "
        + "where it is secret."
    case .interrupted: "The question was interrupted; nothing was changed."
    case .noAnswer: "The question got no answer; nothing was changed."
    }
  }
}
