import CLibpq
import Glibc

/// How to reach a server: libpq's keywords and values.
public struct ConnectionParameters: Sendable, Hashable {
  /// Never printed: it holds the password.
  private(set) var values: [String: String]

  public init(_ values: [String: String] = [:]) { self.values = values }

  /// Reads a libpq URI or key/value string.
  ///
  /// - Throws: `.unexpected`, when it is neither; the text of the error does not repeat it.
  public init(url: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &message) else {
      PQfreemem(message)
      throw PostgresError(
        .unexpected, "the connection string is neither a postgresql:// URI nor key=value pairs",
        hint: "Write it like postgresql://user@host:5432/database; characters such as @ or / in a password are written %40 and %2F.")
    }
    defer { PQconninfoFree(options) }
    values = Self.values(of: options)
  }

  private static func values(of options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
    var found: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return found
  }

  public subscript(_ keyword: String) -> String? {
    get { values[keyword] }
    set { values[keyword] = newValue }
  }

  /// Keywords and values as libpq takes them: two lists that end with a null, valid inside `body`.
  func withLists<Result>(
    _ body: (_ keywords: [UnsafePointer<CChar>?], _ values: [UnsafePointer<CChar>?]) -> Result
  ) -> Result {
    let pairs = values.sorted { $0.key < $1.key }
    let keywords = pairs.map { strdup($0.key) }
    let texts = pairs.map { strdup($0.value) }
    defer { (keywords + texts).forEach { free($0) } }
    return body(keywords.map { UnsafePointer($0) } + [nil], texts.map { UnsafePointer($0) } + [nil])
  }

  public var host: String? { values["hostaddr"] ?? values["host"] }
  public var isEmpty: Bool { values.isEmpty }

  /// Whether the server is on this machine: a socket's folder, localhost or a loopback address.
  public var isLoopback: Bool {
    guard let host = host ?? environment("PGHOSTADDR") ?? environment("PGHOST") else { return true }
    return host.split(separator: ",").allSatisfy { each in
      each.hasPrefix("/") || each.hasPrefix("@") || each == "localhost" || each == "::1" || each.hasPrefix("127.")
    }
  }

  private func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Adds what the user left open: `sslmode` `prefer` on this machine and `verify-full` elsewhere, the
  /// system's certificates, a connect timeout, and keepalives that notice a dead peer within a minute.
  public func withDefaults(applicationName: String) -> ConnectionParameters {
    var result = self
    func fill(_ keyword: String, _ variable: String?, _ value: String) {
      if result.values[keyword] == nil, variable.flatMap(environment) == nil { result.values[keyword] = value }
    }
    fill("sslmode", "PGSSLMODE", isLoopback ? "prefer" : "verify-full")
    if result.values["sslmode"]?.hasPrefix("verify") == true, let bundle = Self.certificateBundle {
      fill("sslrootcert", "PGSSLROOTCERT", bundle)
    }
    fill("connect_timeout", "PGCONNECT_TIMEOUT", "15")
    fill("keepalives_idle", nil, "20")
    fill("keepalives_interval", nil, "10")
    fill("keepalives_count", nil, "3")
    fill("tcp_user_timeout", nil, "60000")
    result.values["application_name"] = applicationName
    result.values["client_encoding"] = "UTF8"
    return result
  }

  /// libpq 16 knows `sslrootcert=system`; older ones are given the distribution's file.
  private static var certificateBundle: String? {
    let home = getenv("HOME").map { String(cString: $0) } ?? "/nonexistent"
    if access("\(home)/.postgresql/root.crt", R_OK) == 0 { return nil }
    return ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
      .first { access($0, R_OK) == 0 }
  }
}
