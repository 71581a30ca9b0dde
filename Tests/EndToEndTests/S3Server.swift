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

  /// - Parameter folder: what is in the bucket at first.
  init(_ folder: String) throws {
    let script = Disk.parent(of: #filePath) + "/s3_server.py"
    let (process, line) = try MotoPython.start(script, folder)
    self.process = process
    let facts = try JSONDecoder().decode(Facts.self, from: Data(line.utf8))
    (endpoint, all, lister) = (facts.endpoint, facts.all, facts.lister)
  }

  deinit { process.signal(15) }

  func fields(_ user: User) -> [String] { ["endpoint=\(endpoint)", "key=\(user.key)", "secret=\(user.secret)"] }
}
