import Testing

@testable import JSON

@Suite struct JSONWriterTests {
  let sample: JSONValue = [
    "name": "orders", "rows": 5, "share": 0.5, "none": nil, "list": [1, [true]], "empty": [:],
    "no": [],
  ]

  @Test func `the compact form has no spaces`() {
    #expect(
      sample.text()
        == #"{"name":"orders","rows":5,"share":0.5,"none":null,"list":[1,[true]],"empty":{},"no":[]}"#
    )
  }

  @Test func `the pretty form has a line for each member`() {
    #expect(
      sample.text(.pretty) == """
        {
          "name": "orders",
          "rows": 5,
          "share": 0.5,
          "none": null,
          "list": [
            1,
            [
              true
            ]
          ],
          "empty": {},
          "no": []
        }
        """)
  }

  @Test func `both forms read back as the same value`() throws {
    for layout in [JSONValue.Layout.compact, .pretty] {
      #expect(try JSONValue(parsing: sample.text(layout)) == sample)
    }
  }

  @Test func `every character survives, and none commands a terminal`() throws {
    var all = String.UnicodeScalarView()
    for code in (0 as UInt32)...0x2FFF {
      if let scalar = Unicode.Scalar(code) { all.append(scalar) }
    }
    all.append(contentsOf: "🌿\u{10FFFF}\u{FFFE}\u{E000}".unicodeScalars)
    let text = JSONValue.string(String(all)).text()
    #expect(try JSONValue(parsing: text) == .string(String(all)))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
  }

  @Test func `escapes are the short ones where JSON has them`() {
    #expect(
      JSONValue.string("\"\\/\n\r\t\u{8}\u{C}\u{1B}\u{7F}\u{2028}é").text()
        == #""\"\\/\n\r\t\b\f\u001b\u007f\u2028é""#)
  }

  @Test func `what is no JSON number is written so that the text stays JSON`() {
    #expect(JSONValue(Double.nan).text() == "null")
    #expect(JSONValue(-Double.infinity).text() == "null")
    #expect(JSONValue(0.1).text() == "0.1")
    #expect(JSONValue(5e-324).text() == "5e-324")
    #expect(JSONValue.number("NaN").text() == #""NaN""#)
    #expect(JSONValue.number("1e5").text() == "1e5")
    #expect(JSONValue.number("01").text() == #""01""#)
    #expect(JSONValue.number("").text() == #""""#)
  }
}
