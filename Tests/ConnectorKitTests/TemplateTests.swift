import Testing

@testable import ConnectorKit

/// The expressions of manifests.
@Suite struct TemplateTests {
  private func text(_ source: String, _ names: [String: String] = [:]) throws -> String {
    try Template(parsing: source).text { names[$0] }
  }

  @Test func `an expression reads a name, and filters pass it on`() throws {
    let names = ["config.region": "EU ", "record.id": "a/b"]
    #expect(try text("x/{{record.id}}/y", names) == "x/a/b/y")
    #expect(try text("{{ config.region | trim | lower }}", names) == "eu")
    #expect(try text("{{config.none | default('de')}}-{{config.region | upper}}", names) == "de-EU ")
    #expect(try text("{{config.none}}") == "")
    #expect(try text("Basic {{record.id | base64}}", names) == "Basic YS9i")
    #expect(try text("a } b {c}") == "a } b {c}")
  }

  @Test func `what an expression gives is encoded, the text around it is not`() throws {
    #expect(try Template(parsing: "a/{{x}}?b").text({ _ in "é/1" }, encode: PercentEncoding.encode) == "a/%C3%A9%2F1?b")
  }

  @Test(arguments: ["{{", "{{}}", "{{a | nothing}}", "{{a b}}", "{{a | default(x)}}", "{{'x'}}", "{{a + 1}}"])
  func `what is no expression is refused`(source: String) {
    #expect(throws: TemplateError.self) { try Template(parsing: source) }
  }
}
