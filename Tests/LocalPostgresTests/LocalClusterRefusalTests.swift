import Glibc
import TestSupport
import Testing

@testable import LocalPostgres

/// What is not touched, and what is said instead.
@Suite struct LocalClusterRefusalTests {
  @Test func `a folder with something else in it is refused and left alone`() throws {
    let folder = TestFolder.makeFolder("letters")
    try Disk.write("Dear Anna", to: "\(folder)/letter.txt", mode: 0o600, for: ourselves)
    let error = try #require(throws: LocalPostgresError.self) { try LocalCluster.create(at: folder) }
    #expect(error.kind == .foreignFolder)
    #expect(error.message.contains("letter.txt"))
    #expect(error.hint?.contains("empty folder") == true)
    #expect(Disk.entries(of: folder) == ["letter.txt"])
    #expect(throws: LocalPostgresError.self) { try EmbeddedSession.open(directory: folder) }
    #expect(Disk.entries(of: folder) == ["letter.txt"])
  }

  @Test(arguments: ["PG_VERSION", "base"])
  func `a data folder itself is refused`(name: String) throws {
    let folder = TestFolder.makeFolder("data")
    try Disk.write("15\n", to: "\(folder)/\(name)", mode: 0o600, for: ourselves)
    let error = try #require(throws: LocalPostgresError.self) { try LocalCluster.create(at: folder) }
    #expect(error.kind == .foreignFolder)
  }

  @Test(arguments: [nil, "", "fifteen"])
  func `a folder named data that holds no cluster is refused`(version: String?) throws {
    let folder = TestFolder.makeFolder("other")
    try #require(mkdir("\(folder)/data", 0o700) == 0)
    if let version { try Disk.write(version, to: "\(folder)/data/PG_VERSION", mode: 0o600, for: ourselves) }
    let error = try #require(throws: LocalPostgresError.self) { try LocalCluster.create(at: folder) }
    #expect(error.kind == .foreignFolder)
  }

  @Test func `a cluster of another major version is refused, with both versions and the mend`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick)
    try Disk.write("9\n", to: "\(cluster.directory)/data/PG_VERSION", mode: 0o600, for: cluster.account)
    let error = try #require(throws: LocalPostgresError.self) { try LocalCluster.create(at: cluster.directory) }
    #expect(error.kind == .wrongVersion)
    #expect(error.message.contains("\(cluster.directory)/data was made by Postgres 9"))
    #expect(error.message.contains("found: \(cluster.binaries.version)"))
    #expect(error.hint?.contains("apt-get install postgresql-9") == true)
  }

  @Test(.enabled(if: geteuid() == 0)) func `a folder that the server's user cannot enter is named`() throws {
    let closed = TestFolder.makeFolder("closed")
    chmod(closed, 0o700)
    let error = try #require(throws: LocalPostgresError.self) { try LocalCluster.create(at: "\(closed)/cluster") }
    #expect(error.kind == .notPermitted)
    #expect(error.message.hasSuffix("who cannot enter \(closed)."))
    #expect(error.hint?.contains("chmod o+x \(closed)") == true)
  }

  @Test(.enabled(if: geteuid() == 0)) func `root's server runs as the folder's owner`() throws {
    let folder = TestFolder.makeFolder("nobodys")
    let nobody = try #require(getpwnam("nobody")).pointee.pw_uid
    try #require(chown(folder, nobody, nobody) == 0)
    let cluster = try LocalCluster.create(at: folder, settings: quick)
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(Disk.owner(of: "/proc/\(try #require(cluster.pid))") == nobody)
    #expect(Disk.owner(of: folder) == nobody)
  }

  @Test func `an unfinished cluster of a killed first run is swept away`() throws {
    let folder = TestFolder.makeFolder("half")
    try #require(mkdir("\(folder)/data.new-1", 0o700) == 0)
    try Disk.write("15\n", to: "\(folder)/data.new-1/PG_VERSION", mode: 0o600, for: ourselves)
    let cluster = try LocalCluster.create(at: folder, settings: quick)
    #expect(!Disk.exists("\(folder)/data.new-1"))
    #expect(Disk.exists("\(cluster.directory)/data/PG_VERSION"))
  }

  @Test func `a failed initdb leaves no cluster behind and says what it said`() throws {
    let folder = try ClusterFolder.at(TestFolder.makeFolder("cluster"))
    let fake = TestFolder.makeFolder("bin")
    try Disk.write("#!/bin/sh\necho the disk is full >&2\nexit 1\n", to: "\(fake)/initdb", mode: 0o755, for: ourselves)
    try Disk.write(
      "#!/bin/sh\necho 'postgres (PostgreSQL) 15.1'\n", to: "\(fake)/postgres", mode: 0o755, for: ourselves)
    let creation = ClusterCreation(
      folder: folder, binaries: try #require(PostgresBinaries(in: fake)), account: try .serving(folder),
      access: .socket,
      database: nil, isDurable: false)
    let error = try #require(throws: LocalPostgresError.self) { try creation.run() }
    #expect(error.message.contains("the disk is full"))
    #expect(Disk.entries(of: folder.path) == [])
  }

  private var ourselves: ServerAccount { ServerAccount(name: "", user: geteuid(), group: getegid()) }
}
