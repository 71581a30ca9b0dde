import Glibc
import Synchronization

/// Asks the person at the terminal, also when standard input and output are pipes.
public enum Prompt {
  /// Whether there is a terminal to ask on.
  public static var isPossible: Bool { (try? withTerminal { _ throws(PromptError) in }) != nil }

  /// Asks for a secret, which does not show while it is typed. At most 4,095 bytes, which is what a
  /// terminal takes as one line.
  ///
  /// A signal that ends the process still ends it, with the terminal set right first.
  public static func secret(_ question: String) throws(PromptError) -> String {
    try withTerminal { terminal throws(PromptError) in try secret(question, on: terminal) }
  }

  /// Asks a question to be answered with yes or no, until it is.
  /// - Parameter fallback: what the Enter key alone means; nil asks again.
  public static func confirm(_ question: String, default fallback: Bool? = nil)
    throws(PromptError) -> Bool
  {
    try withTerminal { terminal throws(PromptError) in
      try confirm(question, default: fallback, on: terminal)
    }
  }

  static func secret(_ question: String, on terminal: Int32) throws(PromptError) -> String {
    try turn.withLock { _ throws(PromptError) in
      while true {
        if let answer = try askOnce(question, on: terminal) { return answer }
      }
    }
  }

  /// - Returns: nil when the process was stopped meanwhile, and the question must be asked again.
  private static func askOnce(_ question: String, on terminal: Int32) throws(PromptError) -> String?
  {
    guard let guardian = EchoGuard(terminal: terminal) else { throw .noTerminal }
    show(question.visible + " ", on: terminal)
    let answer: Result<String, PromptError>
    do throws(PromptError) {
      answer = .success(try readLine(from: terminal, wakeOn: guardian.wake))
    } catch {
      answer = .failure(error)
    }
    // The Enter key did not show either.
    show("\n", on: terminal)
    let wasStopped = guardian.restore()
    if wasStopped && answer == .failure(.interrupted) { return nil }
    return try answer.get()
  }

  static func confirm(
    _ question: String, default fallback: Bool?, on terminal: Int32
  ) throws(PromptError) -> Bool {
    let choices = fallback.map { $0 ? "[Y/n]" : "[y/N]" } ?? "[y/n]"
    while true {
      show("\(question.visible) \(choices) ", on: terminal)
      switch try readLine(from: terminal, wakeOn: nil).lowercased() {
      case "y", "yes": return true
      case "n", "no": return false
      case "": if let fallback { return fallback }
      default: show("Please answer yes or no.\n", on: terminal)
      }
    }
  }

  /// One question at a time: the terminal's settings and the signals' handlers belong to the process.
  private static let turn = Mutex(())

  private static func withTerminal<Answer>(
    _ body: (Int32) throws(PromptError) -> Answer
  ) throws(PromptError) -> Answer {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { throw .noTerminal }
    defer { close(terminal) }
    return try body(terminal)
  }

  private static func show(_ text: String, on terminal: Int32) {
    _ = write(terminal, text, text.utf8.count)
  }
}

/// Reads a line, without its end, that the terminal gives as a whole.
/// - Parameter wakeOn: a descriptor that becomes readable when a signal came.
private func readLine(from terminal: Int32, wakeOn: Int32?) throws(PromptError) -> String {
  var requests = [terminal, wakeOn].compactMap { $0 }.map {
    pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
  }
  while poll(&requests, nfds_t(requests.count), -1) < 0 {
    guard errno == EINTR else { throw .noAnswer }
  }
  if requests.count > 1 && requests[1].revents != 0 { throw .interrupted }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = read(terminal, &bytes, bytes.count)
  guard count > 0 else { throw .noAnswer }
  return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}
