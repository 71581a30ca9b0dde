import ArgumentParser
import Glibc
import Postgres
import Secrets
import Terminal

/// What the environment and the options of every command say. Read once.
struct Settings: Sendable {
  var databaseURL: String?
  var embedded: String?
  var namespace: String
  /// A file that takes the place of the catalogue for HogQL.
  var queryConfig: String?
  /// Hosts and networks beyond the public internet that sources may be at.
  var allowedHosts: String?
  var log: LogLevel
  var isLogJSON: Bool

  init(_ options: CommonOptions) throws {
    databaseURL = options.database ?? Self.variable("HEDGEROW_DATABASE_URL")
    embedded = options.embedded ?? (options.database == nil ? Self.variable("HEDGEROW_EMBEDDED") : nil)
    namespace = Self.variable("HEDGEROW_NAMESPACE") ?? "warehouse"
    allowedHosts = Self.variable("HEDGEROW_ALLOW_HOSTS")
    queryConfig = Self.variable("HEDGEROW_HOGQL_CONFIG")
    isLogJSON = Self.variable("HEDGEROW_LOG_FORMAT") == "json"
    let level = Self.variable("HEDGEROW_LOG") ?? "info"
    guard let known = LogLevel(rawValue: level) else {
      throw Complaint("HEDGEROW_LOG=\(level) is no level", hint: "It is one of \(LogLevel.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    log = known
    if embedded != nil, options.database != nil {
      throw Complaint("--embedded and --database name two warehouses", hint: "Give one of them.")
    }
  }

  /// A variable that is set to nothing is as good as unset.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }

  /// The key that the stored credentials are encrypted with. Made on first use when nothing names one.
  func secretBox() throws -> SecretBox {
    if let key = Self.variable("HEDGEROW_SECRET_KEY") { return try SecretBox(base64: key) }
    if let path = Self.variable("HEDGEROW_SECRET_KEY_FILE") {
      guard let key = try SecretKeyFile.read(path) else { return try made(at: path) }
      return try SecretBox(base64: key)
    }
    return try made(at: Self.defaultKeyPath)
  }

  private func made(at path: String) throws -> SecretBox {
    let (key, isNew) = try SecretKeyFile.readOrMake(at: path)
    if isNew {
      TerminalStream.standardError.writeLine(
        "A key that encrypts stored credentials was made: \(path)\nKeep a copy: without it the credentials have to be given again.")
    }
    return try SecretBox(base64: key)
  }

  private static var defaultKeyPath: String {
    let home = variable("XDG_CONFIG_HOME") ?? (variable("HOME") ?? "/root") + "/.config"
    return "\(home)/hedgerow/secret.key"
  }
}

enum LogLevel: String, CaseIterable, Sendable, Comparable {
  case trace, debug, info, notice, warning, error

  static func < (left: LogLevel, right: LogLevel) -> Bool {
    allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
  }
}

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The warehouse, as a libpq URI or key=value string. [HEDGEROW_DATABASE_URL]", valueName: "url"))
  var database: String?

  @Option(help: ArgumentHelp("Use a private Postgres in this folder as the warehouse, started and stopped by the command. [HEDGEROW_EMBEDDED]", valueName: "dir"))
  var embedded: String?
}
