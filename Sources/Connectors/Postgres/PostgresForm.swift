public import ConnectorKit
import Postgres

/// The fields of a PostgreSQL source.
public enum PostgresForm {
  public static let kind = ConnectorKind(
    name: "postgres", title: "PostgreSQL",
    fields: [
      .init("url", "a libpq URI or key=value string; fills the fields below", isSecret: true),
      .init("host", "name or address of the server, or a socket's folder", fallback: "localhost"),
      .init("port", "its port", fallback: "5432"),
      .init("database", "the database", isRequired: true),
      .init("user", "the role to log in as", isRequired: true),
      .init("password", "its password", isSecret: true),
      .init("schema", "namespaces to read, separated by commas; * for all of them, which are then part of the names", fallback: "public"),
      .init("sslmode", "disable, allow, prefer, require, verify-ca or verify-full", fallback: "prefer on this machine, verify-full elsewhere"),
      .init("sslrootcert", "file of the certificates that verify-ca and verify-full trust", fallback: "the system's"),
      .init("sslcert", "file of the client's certificate"),
      .init("sslkey", "file of its key"),
      .init("options", "settings for its sessions, as libpq's options"),
    ],
    normalize: normalize, connect: { PostgresConnector($0) })

  /// Our field for each of libpq's keywords that can be stored.
  static let keywords: [(field: String, keyword: String)] = [
    ("host", "host"), ("hostaddr", "hostaddr"), ("port", "port"), ("database", "dbname"), ("user", "user"),
    ("password", "password"), ("sslmode", "sslmode"), ("sslrootcert", "sslrootcert"), ("sslcert", "sslcert"),
    ("sslkey", "sslkey"), ("options", "options"), ("connect_timeout", "connect_timeout"),
    ("target_session_attrs", "target_session_attrs"), ("channel_binding", "channel_binding"), ("gssencmode", "gssencmode"),
  ]

  /// Takes a URL apart. A field that was given beside it wins.
  static func normalize(_ given: [String: String]) throws -> [String: String] {
    var fields = given
    if let url = fields.removeValue(forKey: "url") {
      let parsed: ConnectionParameters
      do { parsed = try ConnectionParameters(url: url) } catch {
        throw ConnectorError(.unusable, "url= cannot be read: \(error.message)", hint: error.hint)
      }
      for (field, keyword) in keywords where fields[field] == nil { fields[field] = parsed[keyword] }
    }
    let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
    if let mode = fields["sslmode"], !modes.contains(mode) {
      throw ConnectorError(.unusable, "there is no sslmode \(mode)", hint: "It is one of \(modes.joined(separator: ", ")).")
    }
    if let port = fields["port"], !port.split(separator: ",").allSatisfy({ (1...65535).contains(Int($0) ?? 0) }) {
      throw ConnectorError(.unusable, "port=\(port) is not a port", hint: "A port is a number from 1 to 65535; PostgreSQL's own is 5432.")
    }
    return fields
  }

  /// The namespaces to read; empty for all.
  static func namespaces(_ fields: [String: String]) -> [String] {
    let text = fields["schema"] ?? "public"
    if text.isEmpty || text == "*" { return [] }
    return text.split(separator: ",").map { $0.trimmed }
  }
}

extension Substring {
  var trimmed: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
