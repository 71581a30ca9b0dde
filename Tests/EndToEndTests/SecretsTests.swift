import Glibc
import LocalPostgres
import TestSupport
import Testing

/// A password that is planted everywhere a user may put one shows up nowhere.
@Suite(.serialized) struct SecretsTests {
  private static let planted = "Pl4nted-S3cret"

  @Test(arguments: ["password=", "url=", "env:", "file:"])
  func `a planted password is in no table, no output and no log`(way: String) async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY, n int); INSERT INTO items VALUES (1, 1)")
    let plain = fixture.sourceURL
    let withPassword = plain.replacing("postgres@", with: "postgres:\(Self.planted)@")
    let file = TestFolder.fresh("secret")
    try Self.write(Self.planted, to: file)
    let fields: [String] =
      switch way {
      case "url=": ["url=\(withPassword)"]
      case "env:": ["url=\(plain)", "password=env:PLANTED"]
      case "file:": ["url=\(plain)", "password=file:\(file)"]
      default: ["url=\(plain)", "password=\(Self.planted)"]
      }
    let environment = ["PLANTED": Self.planted, "HEDGEROW_LOG": "trace"]
    var said = ""
    func run(_ arguments: [String]) async throws {
      let result = try await HedgerowProcess.run(
        arguments, environment: environment.merging(
          ["HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key]) { $1 })
      said += result.stdout + result.stderr
    }
    try await run(["link", "postgres", "shop"] + fields + ["--all"])
    try await run(["sync", "shop"])
    try fixture.expectEqual("items")
    for command in ["sources", "status", "schemas shop", "history"] { try await run(command.split(separator: " ").map(String.init) + ["--json"]) }
    try await run(["set", "shop", "password=\(Self.planted)"])
    try await run(["set", "shop", "url=\(withPassword)"])
    try await run(["set", "shop", "url=\(withPassword)-nowhere"])
    try await run(["set", "shop.items", "where=nosuch = 1"])
    try fixture.source("ALTER TABLE items RENAME TO things")
    try fixture.source("DROP TABLE things")
    try await run(["sync", "shop"])
    try await run(["doctor"])
    try await run(["link", "postgres", "other", "url=\(withPassword)/nowhere/at/all", "--prefix", "o"])
    try await run(["link", "postgres", "other", "url=postgresql://postgres:\(Self.planted)@127.0.0.1:1/x", "--prefix", "o"])
    try await run(["link", "postgres", "other", "url=postgresql//postgres:\(Self.planted)@127.0.0.1", "--prefix", "o"])
    try await run(["link", "postgres", "other", "pasword=\(Self.planted)"])

    #expect(!said.contains(Self.planted), "\(said)")
    let dump = try Command("\(TestCluster.warehouse.cluster.binaries.directory)/pg_dump", [fixture.warehouseURL]).run()
    #expect(dump.exit == 0 && dump.stdout.contains("COPY hedgerow.source"))
    #expect(!dump.stdout.contains(Self.planted))
    let hex = Self.planted.utf8.map { String($0, radix: 16) }.joined()
    #expect(!dump.stdout.contains(hex))
    #expect(!TestCluster.warehouse.log.contains(Self.planted))
  }

  @Test func `another key cannot open what is stored, and says what to do`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY)")
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", "password=\(Self.planted)", "--all")
    let other = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
    let result = try await fixture.hedgerow("sync", "shop", expecting: 1, environment: ["HEDGEROW_SECRET_KEY": other])
    #expect(result.stderr.contains("HEDGEROW_SECRET_KEY"))
    #expect(!result.stderr.contains(other))
    let short = try await fixture.hedgerow("sync", "shop", expecting: 1, environment: ["HEDGEROW_SECRET_KEY": "c2hvcnQ="])
    #expect(!short.stderr.contains("c2hvcnQ="))
    try await fixture.sync()
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw TestFailure("\(path) cannot be written") }
    fputs(text, file)
    fclose(file)
  }
}
