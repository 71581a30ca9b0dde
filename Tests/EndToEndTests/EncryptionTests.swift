import Glibc
import LocalPostgres
import TestSupport
import Testing

/// A source that is reached over TLS, and one that asks for a password by SCRAM.
@Suite(.serialized) struct EncryptionTests {
  private let fixture: SyncFixture
  private let server: TestCluster
  private let certificates: Certificates

  init() throws {
    fixture = try SyncFixture()
    certificates = try Certificates(host: "localhost")
    server = try TestCluster.start()
    try certificates.use(in: server, allowing: "hostssl all app 127.0.0.1/32 scram-sha-256\nhost all app 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 trust")
    try server.psql(
      """
      CREATE ROLE app LOGIN PASSWORD 's3cret/@word'; CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1), (2);
      GRANT SELECT ON items TO app
      """)
  }

  /// The fields of a link to the server by its name, which its certificate bears.
  private func link(_ more: String..., host: String = "localhost", expecting exit: Int32 = 0) async throws -> HedgerowProcess.Result {
    let fields = ["host=\(host)", "port=\(server.port)", "database=postgres", "user=app"] + more
    let result = try await fixture.run(["link", "postgres", "shop"] + fields + ["--all"], environment: ["APP_PASSWORD": "s3cret/@word", "WRONG": "guess"])
    #expect(result.exit == exit, "\(result.stdout)\(result.stderr)")
    #expect(!(result.stdout + result.stderr).contains("s3cret"))
    return result
  }

  @Test func `a certificate that is checked whole is accepted, and the link says how it is encrypted`() async throws {
    let result = try await link("password=env:APP_PASSWORD", "sslmode=verify-full", "sslrootcert=\(certificates.authority)")
    #expect((result.stdout + result.stderr).contains("sslmode verify-full: the connection is encrypted"), "\(result.stdout)\(result.stderr)")
    try await fixture.hedgerow("sync", "shop", environment: ["APP_PASSWORD": "s3cret/@word"])
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "2")
    try server.remove()
  }

  @Test func `a certificate of an authority that is not trusted, or of another host, is refused in words`() async throws {
    let stranger = try Certificates(host: "localhost")
    let unknown = try await link("password=env:APP_PASSWORD", "sslmode=verify-full", "sslrootcert=\(stranger.authority)", expecting: 2)
    #expect(unknown.stderr.contains("the TLS certificate of localhost:\(server.port) was not accepted"), "\(unknown.stderr)")
    #expect(unknown.stderr.contains("sslrootcert="))
    let other = try await link(
      "password=env:APP_PASSWORD", "sslmode=verify-full", "sslrootcert=\(certificates.authority)", host: "127.0.0.1", expecting: 2)
    #expect(other.stderr.contains("bears another name than 127.0.0.1"), "\(other.stderr)")
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.source") == "0")
    try server.remove()
  }

  @Test func `a wrong password and a connection without TLS are told apart`() async throws {
    let wrong = try await link("password=env:WRONG", "sslmode=require", expecting: 1)
    #expect(wrong.stderr.contains("refused the password of role app"), "\(wrong.stderr)")
    #expect(!wrong.stderr.contains("guess"))
    let plain = try await link("password=env:APP_PASSWORD", "sslmode=disable", expecting: 1)
    #expect(plain.stderr.contains("does not let role app in"), "\(plain.stderr)")
    try server.psql("ALTER ROLE app PASSWORD 'changed'")
    _ = try await link("password=env:APP_PASSWORD", "sslmode=require", expecting: 1)
    try server.remove()
  }
}

/// A certificate authority of a test's own, and a certificate that it gave to a host.
struct Certificates {
  private let folder: String
  /// The file with the authority's certificate.
  var authority: String { "\(folder)/ca.crt" }

  init(host: String) throws {
    folder = TestFolder.makeFolder("certificates")
    let make = """
      cd '\(folder)' && umask 077
      openssl req -new -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -keyout ca.key -out ca.crt -subj '/CN=Test authority'
      openssl req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -keyout server.key -out server.csr -subj '/CN=\(host)'
      printf 'subjectAltName=DNS:\(host)' >extensions
      openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.crt
      chmod 644 ca.crt
      """
    let result = try Command("/bin/sh", ["-ec", make]).run()
    guard result.exit == 0 else { throw TestFailure("openssl: \(result.stderr)") }
  }

  /// Puts the certificate into a server and replaces the rules of who may come in over TCP.
  func use(in server: TestCluster, allowing rules: String) throws {
    let data = "\(server.cluster.directory)/data"
    let make = """
      cp '\(folder)/server.key' '\(folder)/server.crt' '\(data)/'
      printf 'local all all trust\\n%s\\n' '\(rules)' >'\(data)/pg_hba.conf'
      chown --reference='\(data)' '\(data)/server.key' '\(data)/server.crt' && chmod 600 '\(data)/server.key'
      """
    let result = try Command("/bin/sh", ["-ec", make]).run()
    guard result.exit == 0 else { throw TestFailure(result.stderr) }
    try server.psql("ALTER SYSTEM SET ssl = on")
    try server.psql("SELECT pg_reload_conf()")
    let isOn = waitUntil(timeout: .seconds(20)) { (try? server.psql("SHOW ssl")) == "on" }
    guard isOn else { throw TestFailure("the server did not turn TLS on") }
  }
}
