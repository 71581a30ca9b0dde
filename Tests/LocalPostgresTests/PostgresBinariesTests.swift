import Glibc
import TestSupport
import Testing

@testable import LocalPostgres

/// Where a Postgres is found. The one test that changes the environment does so in a process of its own.
@Suite struct PostgresBinariesTests {
  @Test func `the installed server is found with its version`() throws {
    let found = try PostgresBinaries.find()
    #expect(found.version >= 13)
    #expect(access("\(found.directory)/initdb", X_OK) == 0)
    #expect(try PostgresBinaries.find(version: found.version) == found)
  }

  @Test func `a version that is not here is asked for by its package`() throws {
    let error = try #require(throws: LocalPostgresError.self) { try PostgresBinaries.find(version: 9) }
    #expect(error.kind == .wrongVersion)
    #expect(error.hint?.contains("apt-get install postgresql-9") == true)
  }

  @Test(arguments: ["postgres (PostgreSQL) 18beta1", "postgres (PostgreSQL) 18.3 (Debian 18.3-1)"])
  func `any wording of a version is understood`(text: String) throws {
    #expect(PostgresBinaries(in: try fakeBinaries(saying: text))?.version == 18)
  }

  @Test func `a folder without the programs, or with others, is none`() throws {
    #expect(PostgresBinaries(in: "/nonexistent") == nil)
    #expect(PostgresBinaries(in: try fakeBinaries(saying: "hello")) == nil)
  }

  @Test func `HEDGEROW_PGBIN comes first, and a wrong one is an error`() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try fakeBinaries(saying: "postgres (PostgreSQL) 99.1")
      setenv("HEDGEROW_PGBIN", folder, 1)
      #expect(try PostgresBinaries.find() == PostgresBinaries(in: folder))
      setenv("HEDGEROW_PGBIN", "/nonexistent", 1)
      let error = try #require(throws: LocalPostgresError.self) { try PostgresBinaries.find() }
      #expect(error.kind == .notInstalled)
      #expect(error.message.contains("HEDGEROW_PGBIN is /nonexistent"))
    }
  }
}

private func fakeBinaries(saying version: String) throws -> String {
  let folder = TestFolder.makeFolder("bin")
  let ourselves = ServerAccount(name: "", user: geteuid(), group: getegid())
  for name in ["postgres", "initdb"] {
    try Disk.write("#!/bin/sh\necho '\(version)'\n", to: "\(folder)/\(name)", mode: 0o755, for: ourselves)
  }
  return folder
}
