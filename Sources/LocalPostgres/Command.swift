import Glibc

/// A program to run as a child process.
package struct Command: Sendable {
  /// What a child gets from our environment: nothing that would steer Postgres' programs, and no secret.
  package static var plainEnvironment: [String: String] {
    var kept = ["LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"]
    for name in ["PATH", "TZ", "TMPDIR", "LD_LIBRARY_PATH"] {
      kept[name] = EnvironmentVariable.value(of: name) ?? kept[name]
    }
    return kept
  }

  package var program: String
  package var arguments: [String]
  package var environment: [String: String]
  /// What the child reads from its standard input; nothing when nil.
  package var input: String?
  /// A session of its own: the terminal's Ctrl-C does not reach it.
  package var ownSession = false

  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = plainEnvironment, input: String? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.input = input
  }

  /// Starts it; what it prints is kept and can be read while it runs.
  package func start() throws(LocalPostgresError) -> ChildProcess {
    let output = try TemporaryFile()
    let errors = try TemporaryFile()
    let source: TemporaryFile? = if let input { try TemporaryFile(holding: input) } else { nil }
    let pid = try spawn(input: source?.descriptor, output: output.descriptor, errors: errors.descriptor)
    return ChildProcess(pid: pid, output: output, errors: errors)
  }

  /// Runs it to its end.
  package func run() throws(LocalPostgresError) -> ChildProcess.Result {
    try start().wait()
  }

  /// Runs it to its end, and throws what it printed when it fails.
  @discardableResult
  func runOrThrow(_ purpose: String) throws(LocalPostgresError) -> String {
    let result = try run()
    guard result.exit == 0 else {
      let said = (result.stderr + result.stdout).lastLines(15)
      throw LocalPostgresError(.failed, "\(purpose) failed: \(program) ended with \(result.exit).\n\(said)")
    }
    return result.stdout
  }
}

extension String {
  /// The last lines, each indented, without empty ones.
  func lastLines(_ count: Int) -> String {
    split(separator: "\n").suffix(count).map { "  \($0)" }.joined(separator: "\n")
  }
}
