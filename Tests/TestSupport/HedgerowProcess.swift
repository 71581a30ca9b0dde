import Glibc
import LocalPostgres

/// A run of the built program `hedgerow`, as a user would start it.
public final class HedgerowProcess: Sendable {
  public typealias Result = (exit: Int32, stdout: String, stderr: String)

  private let child: ChildProcess
  private let arguments: [String]

  /// Starts it.
  ///
  /// - Parameters:
  ///   - environment: on top of a plain one, in which no `PG…` or `HEDGEROW_…` is set and `HOME` is a folder
  ///     of this test process.
  ///   - input: for its standard input, which is empty otherwise.
  ///   - program: another program than the one that was built with these tests.
  public static func start(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil, program: String? = nil
  ) throws -> HedgerowProcess {
    var variables = Command.plainEnvironment
    variables["HOME"] = home
    variables["LC_ALL"] = "C.UTF-8"
    let command = Command(
      try program ?? binary(), arguments, environment: variables.merging(environment) { $1 }, input: input)
    return HedgerowProcess(try command.start(), arguments)
  }

  /// Runs it to its end.
  ///
  /// - Returns: its exit code (a signal's number, negative, where one ended it) and what it printed.
  /// - Throws: when it takes longer than `timeout`; it is killed then.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    timeout: Duration = .seconds(120), program: String? = nil
  ) async throws -> Result {
    try await start(arguments, environment: environment, input: input, program: program).wait(timeout: timeout)
  }

  private init(_ child: ChildProcess, _ arguments: [String]) {
    self.child = child
    self.arguments = arguments
  }

  deinit { child.signal(SIGKILL) }

  public var pid: Int32 { child.pid }
  public var isRunning: Bool { child.isRunning }
  /// What it has printed so far.
  public var stdout: String { child.stdout }
  public var stderr: String { child.stderr }

  /// Sends a signal, such as `SIGINT`; does nothing when it has ended.
  public func signal(_ number: Int32) { child.signal(number) }

  /// Waits for its end, on a thread of its own.
  ///
  /// - Throws: when it takes longer than `timeout`; it is killed then.
  public func wait(timeout: Duration = .seconds(120)) async throws -> Result {
    let ended = await onOwnThread { [child] in
      if let result = child.wait(timeout: timeout) { return (result, true) }
      child.signal(SIGKILL)
      return (child.wait(), false)
    }
    guard ended.1 else {
      throw TestFailure(
        "hedgerow \(arguments.joined(separator: " ")) was killed after \(timeout). It had printed:\n"
          + ended.0.stdout + ended.0.stderr)
    }
    return (ended.0.exit, ended.0.stdout, ended.0.stderr)
  }

  /// Waits until it has printed a text, on either output.
  ///
  /// - Throws: when it ends before, or does not within `timeout`.
  public func waitUntilPrinted(_ text: String, timeout: Duration = .seconds(60)) async throws {
    let isThere = await onOwnThread { [child] in
      waitUntil(timeout: timeout) { child.stdout.contains(text) || child.stderr.contains(text) || !child.isRunning }
        && (child.stdout.contains(text) || child.stderr.contains(text))
    }
    if !isThere { throw TestFailure("hedgerow did not print \"\(text)\" but:\n\(stdout)\(stderr)") }
  }

  private static let home = TestFolder.makeFolder("home")

  /// The path of the program: beside the running tests, or in the package's usual build folder.
  public static func binary() throws -> String {
    let tests = Disk.realPath("/proc/self/exe").map(Disk.parent) ?? ""
    let package = Disk.parent(of: Disk.parent(of: Disk.parent(of: #filePath)))
    for path in ["\(tests)/hedgerow", "\(package)/.build/debug/hedgerow"] where access(path, X_OK) == 0 {
      return path
    }
    throw TestFailure("There is no program hedgerow in \(tests) or \(package)/.build/debug: build it first.")
  }
}
