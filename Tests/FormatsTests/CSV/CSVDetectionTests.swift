import Formats
import Testing

@Suite struct CSVDetectionTests {
  private func detect(_ text: String, isWhole: Bool = true) throws -> CSVDialect {
    try CSVDetection.dialect(sample: Array(text.utf8), isWhole: isWhole)
  }

  @Test(arguments: [
    ("a,b,c\n1,2,3\n", ","), ("a;b;c\n1;2,5;3\n2;3,75;1\n", ";"), ("a\tb\n1,5\tx, y\n", "\t"), ("a|b\n1|x,y\n", "|"),
    ("name\nx\ny\n", ","), ("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n", ","), ("note;n\n\"a, b, c\";1\n\"d, e\";2\n", ";"),
  ])
  func `the delimiter gives all rows the same number of fields`(text: String, expected: String) throws {
    #expect(try detect(text).delimiter == expected.utf8.first)
  }

  @Test(arguments: [
    ("id,name\n1,x\n", true), ("1,x\n2,y\n", false), ("name,city\nx,y\n", true), ("2024-01-01,5\n2024-01-02,6\n", false),
    ("country,2023,2024\nFR,1,2\n", false), ("id,2023,2024\n1,1,2\n", true), ("a\n", true), ("x,true\ny,false\n", false),
  ])
  func `a first row of names is a header`(text: String, expected: Bool) throws {
    #expect(try detect(text).hasHeader == expected)
  }

  @Test func `single quotes are quotes where they surround fields`() throws {
    #expect(try detect("a,b\n'x, y',1\n'z',2\n").quote == UInt8(ascii: "'"))
    #expect(try detect("a,b\nit's,1\n").quote == UInt8(ascii: "\""))
  }

  @Test func `a row that is cut at the sample's end does not count`() throws {
    #expect(try detect("a,b,c\n1,2,3\n1,2", isWhole: false).delimiter == UInt8(ascii: ","))
  }
}
