import Glibc
import LocalPostgres
import TestSupport

/// `openssl s_server` on a free port of this machine, with a certificate for one name.
final class TLSServer: Sendable {
  let port: Int
  /// The file of the authority that signed its certificate.
  let authority: String
  private let process: ChildProcess

  var url: String { "https://localhost:\(port)" }

  init(name: String, arguments: [String] = []) throws {
    let folder = TestFolder.makeFolder("tls")
    authority = "\(folder)/ca.pem"
    try Self.openssl([
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(folder)/key.pem", "-out", authority, "-days", "2",
      "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)",
    ])
    port = try FreePort.choose()
    process = try Command(
      "/usr/bin/env",
      ["openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", authority, "-key", "\(folder)/key.pem", "-www"]
        + arguments
    ).start()
    guard waitUntil(timeout: .seconds(30), { process.stdout.contains("ACCEPT") }) else {
      throw TestFailure("openssl s_server did not start: \(process.stderr)")
    }
  }

  func stop() { process.signal(SIGTERM) }

  private static func openssl(_ arguments: [String]) throws {
    let result = try Command("/usr/bin/env", ["openssl"] + arguments).run()
    guard result.exit == 0 else { throw TestFailure("openssl failed (install openssl): \(result.stderr)") }
  }
}
