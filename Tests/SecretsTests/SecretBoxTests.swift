import Secrets
import Testing

@Suite struct SecretBoxTests {
  private let key = SecretBox.makeKey()

  @Test(arguments: [
    [:], ["password": "hunter2"], ["password": "", "token": "größe 🌿 \"'\\"], ["p": String(repeating: "x", count: 100_000)],
    ["nul": "a\u{0}b", "lines": "a\r\nb"],
  ] as [[String: String]])
  func `fields come back as they were`(fields: [String: String]) throws {
    let box = try SecretBox(base64: key)
    let sealed = try box.seal(fields, for: "shop")
    let opened = try SecretBox(base64: key).open(sealed, for: "shop")
    #expect(opened.mapValues { $0.withExposed { $0 } } == fields)
  }

  @Test func `the sealed bytes hold no credential, and are never the same twice`() throws {
    let box = try SecretBox(base64: key)
    let first = try box.seal(["password": "hunter2-planted"], for: "shop")
    let second = try box.seal(["password": "hunter2-planted"], for: "shop")
    #expect(first != second)
    #expect(first.first == 1)
    for sealed in [first, second] {
      let text = String(decoding: sealed, as: UTF8.self)
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("password"))
    }
  }

  @Test func `another key, another source and any changed byte do not open`() throws {
    let box = try SecretBox(base64: key)
    let sealed = try box.seal(["password": "hunter2"], for: "shop")
    #expect(throws: SecretError.cannotOpen(source: "shop")) { try SecretBox(base64: SecretBox.makeKey()).open(sealed, for: "shop") }
    #expect(throws: SecretError.cannotOpen(source: "shop2")) { try box.open(sealed, for: "shop2") }
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(throws: SecretError.cannotOpen(source: "shop")) { try box.open(changed, for: "shop") }
    }
    for count in [0, 1, 5, sealed.count - 1] {
      #expect(throws: SecretError.cannotOpen(source: "shop")) { try box.open(Array(sealed.prefix(count)), for: "shop") }
    }
  }

  @Test(arguments: ["", "short", "not base64 at all!", "AAAA", String(repeating: "A", count: 88)])
  func `a key that is not 32 bytes in base64 is refused, with the command that makes one`(text: String) {
    let error = #expect(throws: SecretError.self) { try SecretBox(base64: text) }
    #expect(error == .badKey)
    #expect(error?.hint.contains("base64") == true)
    if !text.isEmpty { #expect(error?.message.contains(text) == false) }
  }

  @Test func `space around a key does not count`() throws {
    let sealed = try SecretBox(base64: key).seal(["a": "b"], for: "x")
    #expect(try SecretBox(base64: " \(key)\n").open(sealed, for: "x")["a"] == Secret("b"))
  }

  @Test func `each key is new`() {
    let keys = Set((0..<50).map { _ in SecretBox.makeKey() })
    #expect(keys.count == 50)
    #expect(keys.allSatisfy { $0.utf8.count == 44 })
  }
}
