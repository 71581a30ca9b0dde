package import LocalPostgres

/// A Python in which moto's S3 server can be imported, and how a server is started with it.
public enum MotoPython {
  /// That of `scripts/test`, or the machine's own; nil where there is none.
  public static let path: String? = {
    let root = Disk.parent(of: Disk.parent(of: Disk.parent(of: #filePath)))
    return ["\(root)/.build/venv/bin/python3", "python3"].first { python in
      (try? Command("/usr/bin/env", [python, "-c", "import boto3, moto.server, flask"], environment: environment).run())?.exit == 0
    }
  }()

  public static var isThere: Bool { path != nil }
  public static let absence =
    "moto's S3 server is not installed for any python3 (scripts/test does it; by hand: python3 -m venv .build/venv && .build/venv/bin/pip install 'moto[server]==5.2.1')"

  /// Starts a script that prints one line of JSON when its server is ready, and ends with its owner.
  ///
  /// - Returns: the process, and that line.
  package static func start(_ script: String, _ arguments: String...) throws -> (process: ChildProcess, facts: String) {
    let process = try Command("/usr/bin/env", [path ?? "python3", script] + arguments, environment: environment).start()
    guard waitUntil(timeout: .seconds(120), { process.stdout.contains("}\n") || !process.isRunning }), process.isRunning
    else { throw TestFailure("moto's server did not start: \(process.stderr.suffix(2000))") }
    return (process, process.stdout)
  }

  private static var environment: [String: String] {
    var environment = Command.plainEnvironment
    environment["AWS_EC2_METADATA_DISABLED"] = "true"
    environment["HOME"] = TestFolder.path
    return environment
  }
}
