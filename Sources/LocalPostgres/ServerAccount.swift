import Glibc

/// The user of this machine that a server runs as. Postgres refuses to run as root.
struct ServerAccount: Sendable, Equatable {
  let name: String
  let user: uid_t
  let group: gid_t

  /// Us; for root the user that owns the cluster's folder, or `postgres` where that is root as well.
  static func serving(_ folder: ClusterFolder) throws(LocalPostgresError) -> ServerAccount {
    let ourselves = ServerAccount(name: "", user: geteuid(), group: getegid())
    let owner = Disk.owner(of: folder.data)
    if ourselves.user != 0 {
      guard let owner, owner != ourselves.user else { return ourselves }
      throw LocalPostgresError(
        .notPermitted, "\(folder.data) belongs to the user \(Self.name(of: owner)).",
        hint: "Run this as that user or as root, or choose another folder.")
    }
    guard let owner = owner ?? Disk.owner(of: folder.path), owner != 0 else { return try postgres() }
    guard let known = lookUp(owner) else {
      throw LocalPostgresError(
        .notPermitted, "\(folder.path) belongs to the user number \(owner), who has no entry on this machine.",
        hint: "Give it to one that has: chown -R postgres \(folder.path)")
    }
    return known
  }

  private static func postgres() throws(LocalPostgresError) -> ServerAccount {
    guard let found = find({ getpwnam_r("postgres", $0, $1, $2, $3) }) else {
      throw LocalPostgresError(
        .notPermitted, "Postgres refuses to run as root, and this machine has no user postgres to run it as.",
        hint:
          "Make one with: useradd --system --shell /usr/sbin/nologin postgres. Or run this as another user than root.")
    }
    return found
  }

  private static func lookUp(_ user: uid_t) -> ServerAccount? { find { getpwuid_r(user, $0, $1, $2, $3) } }

  private static func name(of user: uid_t) -> String { lookUp(user)?.name ?? "number \(user)" }

  private static func find(
    _ ask: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) -> ServerAccount? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    guard ask(&entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    return ServerAccount(name: String(cString: entry.pw_name), user: entry.pw_uid, group: entry.pw_gid)
  }

  /// Whether the server's user is not the one we are; only root gets that far.
  var isAnother: Bool { user != geteuid() }

  /// Gives the account a file that we made.
  func own(_ descriptor: Int32, named path: String) throws(LocalPostgresError) {
    guard isAnother else { return }
    guard fchown(descriptor, user, group) == 0 else { throw Disk.failure("give \(name) the file", path) }
  }

  /// Gives the account a folder that we made.
  func own(_ folder: String) throws(LocalPostgresError) {
    guard isAnother else { return }
    guard lchown(folder, user, group) == 0 else { throw Disk.failure("give \(name) the folder", folder) }
  }

  /// A command that this account runs, in the root folder, since it may not be able to enter ours.
  func command(_ program: String, _ arguments: [String], input: String? = nil) -> Command {
    let change = isAnother ? ["setpriv", "--reuid=\(user)", "--regid=\(group)", "--init-groups", "--"] : []
    return Command(
      "/bin/sh", ["-c", #"cd / && exec "$@""#, "sh"] + change + [program] + arguments, input: input)
  }

  /// Throws when the account cannot enter the folder, and names the one in the way.
  func checkReach(_ folder: String) throws(LocalPostgresError) {
    guard isAnother else { return }
    var above = [folder]
    while above[0] != "/" { above.insert(Disk.parent(of: above[0]), at: 0) }
    let script = #"for folder do [ -x "$folder" ] || { printf %s "$folder"; exit 9; }; done"#
    let result = try command("/bin/sh", ["-c", script, "sh"] + above).run()
    if result.exit == 0 { return }
    guard result.exit == 9 else {
      throw LocalPostgresError(
        .failed, "Could not run a program as \(name), as root's Postgres needs it: \(result.stderr.lastLines(3))",
        hint: "This needs the program setpriv (package util-linux) and the right to change the user.")
    }
    throw LocalPostgresError(
      .notPermitted, "Root's Postgres runs as the user \(name), who cannot enter \(result.stdout).",
      hint: "Choose a folder such as /var/lib/hedgerow, or allow it with: chmod o+x \(result.stdout)")
  }
}
