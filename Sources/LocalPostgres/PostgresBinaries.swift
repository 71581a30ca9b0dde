import Glibc

/// The folder of a Postgres server's programs, and their major version.
public struct PostgresBinaries: Sendable, Equatable {
  public let directory: String
  public let version: Int

  /// Looks in `$HEDGEROW_PGBIN`, then on `PATH`, then where packages put them, the newest first.
  ///
  /// - Parameter version: the major version that is needed, or nil for any.
  /// - Throws: `.notInstalled` or `.wrongVersion`, with the command that mends it.
  public static func find(version: Int? = nil) throws(LocalPostgresError) -> PostgresBinaries {
    var others: [Int] = []
    for directory in try candidates() {
      guard let found = PostgresBinaries(in: directory) else { continue }
      if version == nil || version == found.version { return found }
      others.append(found.version)
    }
    guard let version, !others.isEmpty else { throw notInstalled }
    throw LocalPostgresError(
      .wrongVersion,
      "Postgres \(version) is needed, and is not installed; found: \(others.map(String.init).joined(separator: ", ")).",
      hint: "Install it: apt-get install postgresql-\(version). Older ones are in PostgreSQL's own apt repository.")
  }

  /// Asks the binaries in a folder what they are; nil when they are missing.
  init?(in directory: String) {
    // Links, in /usr/local/bin for one, may lead to some of the programs only.
    guard Self.areIn(directory), let server = Disk.realPath("\(directory)/postgres"),
      let result = try? Command(server, ["--version"]).run()
    else { return nil }
    // Such as "postgres (PostgreSQL) 15.17 (Debian 15.17-0+deb12u1)" and "postgres (PostgreSQL) 18beta1".
    let words = result.stdout.split(separator: " ")
    guard result.exit == 0, words.count > 2, let version = Int(words[2].prefix { $0.isNumber }) else { return nil }
    self.directory = Disk.parent(of: server)
    self.version = version
  }

  func path(of program: String) -> String { "\(directory)/\(program)" }

  private static func candidates() throws(LocalPostgresError) -> [String] {
    if let told = EnvironmentVariable.value(of: "HEDGEROW_PGBIN") {
      guard areIn(told) else {
        throw LocalPostgresError(
          .notInstalled, "HEDGEROW_PGBIN is \(told), which does not hold Postgres' programs postgres and initdb.",
          hint: "Set it to their folder, such as /usr/lib/postgresql/15/bin, or unset it to have them looked for.")
      }
      return [told]
    }
    let onPath = (EnvironmentVariable.value(of: "PATH") ?? "").split(separator: ":").map(String.init)
    return onPath + packaged(under: "/usr/lib/postgresql", prefix: "", "/bin")
      + packaged(under: "/usr", prefix: "pgsql-", "/bin")
      + packaged(under: "/opt/homebrew/opt", prefix: "postgresql@", "/bin")
  }

  /// Folders whose name ends in a version, the newest first.
  private static func packaged(under folder: String, prefix: String, _ suffix: String) -> [String] {
    (Disk.entries(of: folder) ?? [])
      .compactMap { name in name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil }
      .sorted(by: >)
      .map { "\(folder)/\(prefix)\($0)\(suffix)" }
  }

  private static func areIn(_ directory: String) -> Bool {
    ["postgres", "initdb"].allSatisfy { access("\(directory)/\($0)", X_OK) == 0 }
  }

  private static var notInstalled: LocalPostgresError {
    LocalPostgresError(
      .notInstalled,
      "No Postgres server is installed here: its programs are neither on PATH nor in /usr/lib/postgresql.",
      hint:
        "Install it: apt-get install postgresql. Or set HEDGEROW_PGBIN to the folder that holds postgres and initdb.")
  }
}
