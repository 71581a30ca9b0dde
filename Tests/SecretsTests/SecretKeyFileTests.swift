import Glibc
import Secrets
import Testing

@Suite struct SecretKeyFileTests {
  private let folder = Scratch()
  private var path: String { "\(folder.path)/deep/er/key" }

  @Test func `a key is made once, for its owner's eyes only`() throws {
    let (key, isNew) = try SecretKeyFile.readOrMake(at: path)
    #expect(isNew)
    #expect(folder.mode("deep/er/key") == 0o600)
    #expect(folder.mode("deep/er") == 0o700)
    #expect(try SecretBox(base64: key).seal([:], for: "x").count > 28)
    let again = try SecretKeyFile.readOrMake(at: path)
    #expect(again.key == key)
    #expect(!again.isNew)
    #expect(folder.entries("deep/er") == ["key"])
  }

  @Test func `a missing file is no error, and is not made by reading`() throws {
    #expect(try SecretKeyFile.read(path) == nil)
    #expect(folder.entries().isEmpty)
  }

  @Test func `a file that somebody wrote is read without its line end`() throws {
    try folder.write("key", "  c2VjcmV0 \r\n")
    #expect(try SecretKeyFile.read("\(folder.path)/key") == "c2VjcmV0")
  }

  @Test func `what cannot be read is named`() throws {
    let error = #expect(throws: SecretError.self) { try SecretKeyFile.read(folder.path) }
    #expect(error?.message.contains(folder.path) == true)
    try folder.write("value", "")
    let blocked = "\(folder.path)/value/key"
    let other = #expect(throws: SecretError.self) { try SecretKeyFile.readOrMake(at: blocked) }
    #expect(other?.message.contains(blocked) == true)
  }

  @Test func `many threads that begin at once all have the same key`() async throws {
    let path = path
    let found = try await withThrowingTaskGroup(of: (key: String, isNew: Bool).self) { group in
      for _ in 0..<16 { group.addTask { try SecretKeyFile.readOrMake(at: path) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(found.map(\.key)).count == 1)
    #expect(found.count { $0.isNew } == 1)
  }
}
