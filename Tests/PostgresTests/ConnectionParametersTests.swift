import Postgres
import Testing

@Suite struct ConnectionParametersTests {
  @Test func `a URI and a key=value string say the same`() throws {
    let uri = try ConnectionParameters(url: "postgresql://u%40x:p%2Fw@db.example:6000/shop%20a?sslmode=require")
    let pairs = try ConnectionParameters(url: #"host=db.example port=6000 user=u@x password=p/w dbname='shop a' sslmode=require"#)
    #expect(uri == pairs)
    #expect(uri["password"] == "p/w")
    #expect(uri.host == "db.example")
  }

  @Test(arguments: ["nonsense planted", "port"])
  func `what is neither is refused without being repeated`(text: String) {
    let error = #expect(throws: PostgresError.self) { try ConnectionParameters(url: text) }
    #expect(error.map { "\($0.description) \($0.hint ?? "")" }?.contains("planted") == false)
    #expect(error?.hint?.contains("postgresql://") == true)
  }

  @Test(arguments: [
    ("localhost", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("/var/run/postgresql", true), ("@socket", true),
    ("localhost,127.0.0.1", true), ("localhost,db.example", false), ("db.example", false), ("10.0.0.1", false), ("localhost.example", false),
  ])
  func `sslmode is verify-full but on this machine`(host: String, isLoopback: Bool) {
    let parameters = ConnectionParameters(["host": host])
    #expect(parameters.isLoopback == isLoopback)
    #expect(parameters.withDefaults(applicationName: "x")["sslmode"] == (isLoopback ? "prefer" : "verify-full"))
  }

  @Test func `what the user said stays`() {
    let parameters = ConnectionParameters(["host": "db.example", "sslmode": "disable", "connect_timeout": "3"]).withDefaults(applicationName: "me")
    #expect(parameters["sslmode"] == "disable")
    #expect(parameters["connect_timeout"] == "3")
    #expect(parameters["application_name"] == "me")
    #expect(parameters["client_encoding"] == "UTF8")
  }
}
