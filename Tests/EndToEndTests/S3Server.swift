import FoundationEssentials
import LocalPostgres
import TestSupport

/// moto's S3 server with the bucket `lake`: it checks signatures and rights. See `s3_server.py`. Ends with its owner.
final class S3Server: Sendable {
  struct User: Decodable, Sendable {
    var key: String
    var secret: String
  }

  private struct Facts: Decodable {
    var endpoint: String
    var all: User
    var lister: User
  }

  let endpoint: String
  let all: User
  /// May list, not read.
  let lister: User
  private let process: ChildProcess

  /// A Python in which moto can be imported: that of `scripts/test`, or the machine's own; nil where there is none.
  static let python: String? = {
    let root = Disk.parent(of: Disk.parent(of: Disk.parent(of: #filePath)))
    return ["\(root)/.build/venv/bin/python3", "python3"].first { python in
      (try? Command("/usr/bin/env", [python, "-c", "import boto3, moto.server, flask"], environment: environment).run())?.exit == 0
    }
  }()
  static var isThere: Bool { python != nil }
  static let absence =
    "moto's S3 server is not installed for any python3 (by hand: python3 -m venv .build/venv && .build/venv/bin/pip install 'moto[server]')"

  private static var environment: [String: String] {
    var environment = Command.plainEnvironment
    environment["AWS_EC2_METADATA_DISABLED"] = "true"
    environment["HOME"] = TestFolder.path
    return environment
  }

  /// - Parameter folder: what is in the bucket at first.
  init(_ folder: String) throws {
    let script = Disk.parent(of: #filePath) + "/s3_server.py"
    process = try Command("/usr/bin/env", [Self.python ?? "python3", script, folder], environment: Self.environment).start()
    let process = process
    guard waitUntil(timeout: .seconds(120), { process.stdout.contains("}\n") || !process.isRunning }), process.isRunning
    else { throw TestFailure("moto's server did not start: \(process.stderr.suffix(2000))") }
    let facts = try JSONDecoder().decode(Facts.self, from: Data(process.stdout.utf8))
    (endpoint, all, lister) = (facts.endpoint, facts.all, facts.lister)
  }

  deinit { process.signal(15) }

  func fields(_ user: User) -> [String] { ["endpoint=\(endpoint)", "key=\(user.key)", "secret=\(user.secret)"] }
}
