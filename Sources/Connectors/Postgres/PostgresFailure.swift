import ConnectorKit
import Postgres
import SQLText

/// Says in words that name the mend what a PostgreSQL source refused. Pure.
enum PostgresFailure {
  static func explain(_ error: any Error, _ label: String?, _ parameters: ConnectionParameters) -> any Error {
    guard let error = error as? PostgresError, error.kind != .cancelled else { return error }
    let source = label.map { String($0.prefix { $0 != "." }) }
    if error.kind == .cannotConnect { return connecting(error, source, parameters) }
    let what = label.map { "reading \($0): " } ?? ""
    switch error.sqlState {
    case "42501": return forbidden(error, what, label, parameters)
    case "42P01", "3F000":
      return ConnectorError(.missing, "\(what)the table is not there any more: \(error.message)", hint: source.map { "hedgerow schemas \($0) --discover shows what there is now." })
    case "42703", "42883", "42601", "42804", "22P02":
      return ConnectorError(.unusable, "\(what)\(error.message)", hint: "If the source's columns were changed just now, sync again; else look at where= and columns= of the schema.")
    case "57014":
      return ConnectorError(.busy, "\(what)the source ended our statement: \(error.message)", hint: "It will be tried again. A statement_timeout of the role, or somebody who cancelled it, can be the reason.")
    case "55P03": return ConnectorError(.busy, "\(what)the table is locked at the source: \(error.message)", hint: "It will be tried again. pg_locks at the source shows who holds the lock.")
    case "40001": return ConnectorError(.busy, "\(what)the standby had to end our read: \(error.message)", hint: "It will be tried again. Raise max_standby_streaming_delay, or set hot_standby_feedback = on, at the standby.")
    default: break
    }
    if error.kind == .connectionLost {
      return ConnectorError(.unreachable, "\(what)the connection to the source broke: \(error.message)", hint: "It will be tried again.")
    }
    if error.isTransient { return ConnectorError(.busy, "\(what)\(error.description)", hint: error.hint ?? "It will be tried again.") }
    return ConnectorError(.malformed, "\(what)\(error.description)", hint: error.hint)
  }

  private static func forbidden(
    _ error: PostgresError, _ what: String, _ label: String?, _ parameters: ConnectionParameters
  ) -> ConnectorError {
    let role = Identifier(parameters["user"] ?? "ROLE")
    if error.message.contains("row-level security") {
      return ConnectorError(
        .forbidden, "\(what)row-level security would hide rows from role \(role.name), so nothing is read",
        hint: "Let the role see all rows: ALTER ROLE \(role) BYPASSRLS; or read as the table's owner.")
    }
    let table = error.message.split(separator: " ").last.map(String.init) ?? "TABLE"
    return ConnectorError(
      .forbidden, "\(what)\(error.message)",
      hint: "As the table's owner run: GRANT SELECT ON \(table) TO \(role); and GRANT USAGE on its schema if that is missing.")
  }

  private static func connecting(_ error: PostgresError, _ source: String?, _ parameters: ConnectionParameters) -> ConnectorError {
    let host = parameters.host ?? "localhost"
    let port = parameters["port"] ?? "5432"
    let user = parameters["user"] ?? "?"
    let text = error.message
    func failure(_ kind: ConnectorError.Kind, _ message: String, _ hint: String) -> ConnectorError {
      ConnectorError(kind, message, hint: hint)
    }
    switch error.sqlState {
    case "28P01":
      return failure(.unauthorized, "the server at \(host):\(port) refused the password of role \(user)", "Give the right one with: \(source.map { "hedgerow set \($0) " } ?? "")password=env:VARIABLE. In a URL, characters such as @ or / are written %40 and %2F.")
    case "3D000":
      return failure(.unusable, "there is no database \(parameters["database"] ?? parameters["dbname"] ?? "") at \(host):\(port)", "List the databases with: psql -h \(host) -p \(port) -U \(user) -l")
    case "53300":
      return failure(.busy, "the server at \(host):\(port) has no free connection", "It will be tried again. Raise max_connections there, or lower max_connections= of the source here.")
    case "28000":
      return failure(.unauthorized, "the server at \(host):\(port) does not let role \(user) in: \(text)", "Create the role, or add a line for it to the server's pg_hba.conf; the text above names what the line has to say.")
    default: break
    }
    if text.contains("could not translate host name") {
      return failure(.unreachable, "no server is named \(host)", "Look at host= for a typing error; the name must be known to this machine's DNS.")
    }
    if text.contains("Connection refused") {
      return failure(.unreachable, "nothing listens at \(host):\(port)", "Is the server running, is the port right, and does its listen_addresses take connections from here?")
    }
    if text.contains("timeout expired") || text.contains("timed out") {
      return failure(.unreachable, "\(host):\(port) does not answer", "A firewall may drop the packets: allow this machine's address to reach that port.")
    }
    if text.contains("server does not support SSL") {
      return failure(.unusable, "the server at \(host):\(port) does not speak TLS, which sslmode asks for", "Turn on ssl at the server; or, on a network that you trust, set sslmode=disable.")
    }
    if text.contains("does not match host name") {
      return failure(.unusable, "the TLS certificate of the server at \(host):\(port) bears another name than \(host): \(text)", "Give host= the name in the certificate; sslmode=verify-ca checks the certificate without the name.")
    }
    if text.contains("certificate") || text.contains("SSL error") || text.contains("root certificate file") {
      return failure(.unusable, "the TLS certificate of \(host):\(port) was not accepted: \(text)", "Give the certificates to trust with sslrootcert=FILE; sslmode=require encrypts without checking who the server is.")
    }
    if text.contains("pg_hba.conf") {
      return failure(.unauthorized, "the server at \(host):\(port) does not let role \(user) in: \(text)", "Add a line to its pg_hba.conf, or set the sslmode that it asks for.")
    }
    return failure(.unreachable, "no connection to \(host):\(port): \(text)", "It will be tried again.")
  }
}
