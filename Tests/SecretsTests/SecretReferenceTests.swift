import Glibc
import Secrets
import Testing

@Suite struct SecretReferenceTests {
  @Test(arguments: [
    ("plain", .value("plain")), ("", .value("")), ("env:PASSWORD", .environment("PASSWORD")), ("file:/run/secret", .file("/run/secret")),
    ("file://host/x", .value("file://host/x")), ("ENV:X", .value("ENV:X")), ("environment", .value("environment")),
  ] as [(String, SecretReference)])
  func `a prefix says where the value is`(text: String, reference: SecretReference) {
    #expect(SecretReference(text) == reference)
  }

  @Test func `a variable is read, and a missing one is named`() throws {
    setenv("HEDGEROW_TEST_REFERENCE", "s3cret value", 1)
    #expect(try SecretReference("env:HEDGEROW_TEST_REFERENCE").resolve() == "s3cret value")
    let error = #expect(throws: SecretError.self) { try SecretReference("env:HEDGEROW_TEST_ABSENT").resolve() }
    #expect(error?.message.contains("HEDGEROW_TEST_ABSENT") == true)
    #expect(error?.hint.isEmpty == false)
  }

  @Test func `a file is read without its last line end, and a missing one is named`() throws {
    let folder = Scratch()
    try folder.write("value", "s3cret\n")
    #expect(try SecretReference("file:\(folder.path)/value").resolve() == "s3cret")
    let error = #expect(throws: SecretError.self) { try SecretReference("file:\(folder.path)/absent").resolve() }
    #expect(error == .unreadable(path: "\(folder.path)/absent", reason: "no such file"))
  }
}
