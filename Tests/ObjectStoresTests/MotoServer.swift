import FoundationEssentials
import Glibc
import HTTP
import LocalPostgres
import ObjectStores
import Secrets
import TestSupport

/// moto's S3 server, started once for all tests: it checks signatures and rights. See `moto_server.py`.
final class MotoServer: Sendable {
  struct User: Decodable, Sendable {
    var key: String
    var secret: String
    var credentials: S3Store.Credentials { S3Store.Credentials(key: Secret(key), secret: Secret(secret)) }
  }

  private struct Facts: Decodable {
    var endpoint: String
    /// Keys below `odd/` in the bucket `things`; each holds `content of ` and its key.
    var odd: [String]
    var all: User
    var reader: User
    var lister: User
  }

  let endpoint: String
  let odd: [String]
  let all: User
  /// May read, not list.
  let reader: User
  /// May list, not read.
  let lister: User
  private let process: ChildProcess

  /// A Python in which moto can be imported: that of `scripts/test`, or the machine's own; nil where there is none.
  static let python: String? = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let candidates = ["/\(root)/.build/venv/bin/python3", "python3"]
    return candidates.first { python in
      let found = try? Command("/usr/bin/env", [python, "-c", "import boto3, moto.server, flask"], environment: environment).run()
      return found?.exit == 0
    }
  }()
  static var isThere: Bool { python != nil }
  static let absence: String =
    "moto's S3 server is not installed for any python3 (scripts/test does it; by hand: python3 -m venv .build/venv && .build/venv/bin/pip install 'moto[server]==5.2.1')"

  /// Ends with this process.
  static let shared = Result { try MotoServer() }

  private static var environment: [String: String] {
    var environment = Command.plainEnvironment
    environment["AWS_EC2_METADATA_DISABLED"] = "true"
    environment["HOME"] = TestFolder.path
    return environment
  }

  private init() throws {
    let script = "/\(#filePath.split(separator: "/").dropLast().joined(separator: "/"))/moto_server.py"
    process = try Command("/usr/bin/env", [Self.python ?? "python3", script], environment: Self.environment).start()
    let process = process
    guard waitUntil(timeout: .seconds(120), { process.stdout.contains("}\n") || !process.isRunning }), process.isRunning
    else { throw TestFailure("moto's server did not start: \(process.stderr.suffix(2000))") }
    let facts = try JSONDecoder().decode(Facts.self, from: Data(process.stdout.utf8))
    (endpoint, odd, all, reader, lister) = (facts.endpoint, facts.odd, facts.all, facts.reader, facts.lister)
  }

  func store(
    _ bucket: String, as user: S3Store.Credentials?, endpoint: String? = nil, region: String? = nil, pageSize: Int = 1000
  ) throws -> S3Store {
    S3Store(
      S3Place(service: .other, bucket: bucket, endpoint: endpoint ?? self.endpoint, region: region, usesVirtualHost: false),
      user, try localSender(), clock: FastClock(), pageSize: pageSize)
  }
}
