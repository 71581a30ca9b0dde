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

  /// Ends with this process.
  static let shared = Result { try MotoServer() }

  private init() throws {
    let script = "/\(#filePath.split(separator: "/").dropLast().joined(separator: "/"))/moto_server.py"
    let (process, line) = try MotoPython.start(script)
    self.process = process
    let facts = try JSONDecoder().decode(Facts.self, from: Data(line.utf8))
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
