import Glibc
import Testing

@testable import LocalPostgres

/// How child processes are run.
@Suite struct CommandTests {
  @Test func `both outputs and the exit code come back`() throws {
    let result = try Command("/bin/sh", ["-c", "cat; echo no >&2; exit 3"], input: "größe\n").run()
    #expect(result.exit == 3)
    #expect(result.stdout == "größe\n")
    #expect(result.stderr == "no\n")
  }

  @Test func `a megabyte on both outputs blocks nothing`() throws {
    let result = try Command("/bin/sh", ["-c", "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero"]).run()
    #expect(result.stdout.utf8.count == 1_000_000)
    #expect(result.stderr.utf8.count == 1_000_000)
  }

  @Test func `the signal that ended a child is told, and its output can be read before`() throws {
    let child = try Command("/bin/sh", ["-c", "echo here; exec sleep 600"]).start()
    #expect(waitUntil(timeout: .seconds(5)) { child.stdout == "here\n" })
    #expect(child.isRunning)
    #expect(child.wait(timeout: .milliseconds(20)) == nil)
    child.signal(SIGTERM)
    #expect(child.wait().exit == -SIGTERM)
    #expect(!child.isRunning)
  }

  @Test func `a program that is missing is named`() throws {
    let error = try #require(throws: LocalPostgresError.self) { try Command("/nonexistent/psql", []).run() }
    #expect(error.message == "Could not run /nonexistent/psql: No such file or directory.")
  }

  @Test func `no variable of ours that could steer Postgres or hold a secret reaches a child`() async throws {
    await #expect(processExitsWith: .success) {
      setenv("PGHOST", "elsewhere", 1)
      setenv("HEDGEROW_SECRET_KEY", "secret", 1)
      let seen = try Command("/usr/bin/env", []).run().stdout
      #expect(seen.contains("PATH="))
      #expect(!seen.contains("PGHOST"))
      #expect(!seen.contains("HEDGEROW"))
    }
  }

  @Test func `standard input is empty and signals are the usual ones`() async throws {
    signal(SIGPIPE, SIG_IGN)
    let result = try Command("/bin/sh", ["-c", "wc -c; kill -PIPE $$; echo still here"]).run()
    #expect(result.stdout == "0\n")
    #expect(result.exit == -SIGPIPE)
  }
}
