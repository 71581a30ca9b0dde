@testable import ObjectStores
import Testing

@Suite struct XMLReaderTests {
  @Test func `elements, attributes, text and entities are read`() throws {
    let text = """
      \u{FEFF}<?xml version="1.0" encoding="utf-8"?>
      <!-- a comment with <tags> -->
      <r:Root xmlns="http://x" a='1 &lt; 2'><A>&quot;x&quot; &amp; &#x20AC;&#8364; &apos;&gt;</A><B/><C b = "2" ><![CDATA[<&>]]></C></r:Root>

      """
    let root = try XMLElement(Array(text.utf8))
    #expect(root.name == "Root")
    #expect(root.attributes["a"] == "1 < 2")
    #expect(root.text("A") == "\"x\" & €€ '>")
    #expect(root.text("B") == "")
    #expect(root.first("C")?.attributes == ["b": "2"])
    #expect(root.text("C") == "<&>")
    #expect(root.text("D") == nil)
  }

  @Test(arguments: [
    "", "text", "<a>", "<a></b>", "<a/><b/>", "</a>", "<a b></a>", "<a b=c/>", "<a>&unknown;</a>", "<a>&amp</a>", "<a",
    "<a b='", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><!-- </a>", "<a><![CDATA[</a>", "<>x</>", "<a/>rest", "<?xml",
    String(repeating: "<a>", count: 100),
  ])
  func `what is not well formed is refused`(text: String) {
    #expect(throws: XMLError.self) { try XMLElement(Array(text.utf8)) }
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect(throws: XMLError.self) { try XMLElement(Array("<a>".utf8) + [0xff] + Array("</a>".utf8)) }
  }

  @Test func `no beginning of a document traps`() throws {
    let whole = Array("<?xml version='1.0'?><a b='&lt;'>&#x41;<!-- c --><b/><![CDATA[x]]></a>".utf8)
    for count in 0..<whole.count { #expect(throws: XMLError.self) { try XMLElement(Array(whole[..<count])) } }
    #expect(try XMLElement(whole).text == "Ax")
  }
}
