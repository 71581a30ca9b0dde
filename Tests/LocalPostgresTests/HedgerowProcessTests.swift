import Glibc
import TestSupport
import Testing

/// How tests run the program: shown with a shell in its place.
@Suite struct HedgerowProcessTests {
  private let shell = "/bin/sh"

  @Test func `exit code and both outputs come back`() async throws {
    let result = try await HedgerowProcess.run(["-c", "cat; echo no >&2; exit 75"], input: "in", program: shell)
    #expect(result == (75, "in", "no\n"))
  }

  @Test func `only given variables steer it, and its home is the tests' own`() async throws {
    await #expect(processExitsWith: .success) {
      setenv("PGHOST", "elsewhere", 1)
      setenv("HEDGEROW_DATABASE_URL", "postgresql://elsewhere", 1)
      let seen = try await HedgerowProcess.run(
        ["-c", "env"], environment: ["HEDGEROW_LOG": "trace"], program: "/bin/sh"
      ).stdout
      #expect(!seen.contains("elsewhere"))
      #expect(seen.contains("HEDGEROW_LOG=trace\n"))
      #expect(seen.contains("HOME=\(TestFolder.path)/home"))
    }
  }

  @Test func `one that takes too long is killed, and what it printed is told`() async throws {
    let error = try await #require(throws: TestFailure.self) {
      try await HedgerowProcess.run(
        ["-c", "echo working; exec sleep 600"], timeout: .milliseconds(300), program: shell)
    }
    #expect(error.description.contains("was killed after 0.3 seconds"))
    #expect(error.description.contains("working"))
  }

  @Test func `a signal sent after something was printed ends it`() async throws {
    let process = try HedgerowProcess.start(
      ["-c", "trap 'echo bye; exit 0' INT; echo ready; while :; do sleep 0.01; done"], program: shell)
    try await process.waitUntilPrinted("ready")
    #expect(process.isRunning)
    process.signal(SIGINT)
    #expect(try await process.wait() == (0, "ready\nbye\n", ""))
    #expect(!process.isRunning)
    process.signal(SIGKILL)
  }

  @Test func `waiting for a text that never comes is an error once it has ended`() async throws {
    let process = try HedgerowProcess.start(["-c", "echo other"], program: shell)
    let error = try await #require(throws: TestFailure.self) { try await process.waitUntilPrinted("ready") }
    #expect(error.description.contains("other"))
  }
}
