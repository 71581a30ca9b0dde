import Secrets
import Testing

@Suite struct SecretTests {
  private static let planted = "hunter2-planted"

  @Test func `a secret never shows, however it is printed`() {
    let secret = Secret(Self.planted)
    var dumped = ""
    dump(secret, to: &dumped)
    var nested = ""
    dump(["password": secret], to: &nested)
    let texts = ["\(secret)", String(reflecting: secret), "\([secret])", "\(["p": secret])", "\(Optional(secret) as Any)", dumped, nested]
    for text in texts {
      #expect(!text.contains(Self.planted))
      #expect(text.contains("<secret>"))
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `the one call that needs it gets it`() {
    #expect(Secret(Self.planted).withExposed { $0 } == Self.planted)
    #expect(Secret("").isEmpty)
    #expect(!Secret("x").isEmpty)
    #expect(Secret("x") == Secret("x"))
    #expect(Secret("x") != Secret("y"))
  }

  @Test func `what the call throws comes through`() {
    struct Refused: Error {}
    #expect(throws: Refused.self) { try Secret("x").withExposed { _ in throw Refused() } }
  }
}
