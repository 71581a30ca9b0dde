import Glibc

/// Makes a cluster, whole or not at all.
struct ClusterCreation {
  let folder: ClusterFolder
  let binaries: PostgresBinaries
  let account: ServerAccount
  let access: ClusterAccess
  /// A database to make with it.
  let database: String?
  /// Whether to wait until it is safe from a power cut.
  let isDurable: Bool

  /// Call it with the start lock held.
  func run() throws(LocalPostgresError) {
    // One that is still being written to, by the initdb of a run that was killed just now, can wait.
    try? removeDrafts()
    try makeReachable()
    guard mkdir(folder.draft, 0o700) == 0 else { throw Disk.failure("make the folder", folder.draft) }
    do {
      try account.own(folder.draft)
      try initialise()
      try Disk.rename(folder.draft, to: folder.data)
    } catch {
      try? removeDrafts()
      throw error
    }
  }

  private func removeDrafts() throws(LocalPostgresError) {
    let drafts = folder.drafts()
    if !drafts.isEmpty { try Command("/bin/rm", ["-rf", "--"] + drafts).runOrThrow("Removing an unfinished cluster") }
  }

  /// A folder that is root's and empty becomes the server's; those above it must let the server's user in.
  private func makeReachable() throws(LocalPostgresError) {
    if Disk.owner(of: folder.path) == 0 { try account.own(folder.path) }
    try account.checkReach(folder.path)
  }

  private func initialise() throws(LocalPostgresError) {
    let options = ["-D", folder.draft, "-U", "postgres", "-E", "UTF8", "--locale=\(Self.locale)", "--auth=trust"]
    try account.command(binaries.path(of: "initdb"), options + (isDurable ? [] : ["--no-sync"])).runOrThrow("initdb")
    try Disk.write(access.rules, to: "\(folder.draft)/pg_hba.conf", mode: 0o600, for: account)
    let settings = "\(folder.draft)/postgresql.conf"
    guard let usual = Disk.read(settings) else { throw Disk.failure("read", settings) }
    let all = usual + "\n# Port, sockets and what else Hedgerow sets.\ninclude_if_exists 'hedgerow.conf'\n"
    try Disk.write(all, to: settings, mode: 0o600, for: account)
    if let database { try make(database) }
  }

  /// Without a server: the database is there as soon as the cluster is.
  private func make(_ database: String) throws(LocalPostgresError) {
    let name = database.replacing("\"", with: "\"\"")
    let options = ["--single", "-j", "-D", folder.draft] + (isDurable ? [] : ["-F"])
    let command = account.command(
      binaries.path(of: "postgres"), options + ["template1"], input: "CREATE DATABASE \"\(name)\";\n\n")
    let result = try command.run()
    // A single-user server prints its statements' errors and ends with 0 all the same.
    guard result.exit == 0, !result.stderr.contains("ERROR:") else {
      throw LocalPostgresError(.failed, "Could not make the database \(database):\n\(result.stderr.lastLines(10))")
    }
  }

  /// Text sorts by code point and any letter has its other case; `C` alone, where that is missing, knows only ASCII.
  private static var locale: String {
    guard let found = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return "C" }
    freelocale(found)
    return "C.UTF-8"
  }
}
