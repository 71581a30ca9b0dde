import SQLText
import Testing

@Suite struct ArrayTextTests {
  static let hostile = [
    [], [""], ["a"], ["a", "b"], ["a,b", "c"], [#"say "hi""#], [#"back\slash"#, #"\"#], ["{", "}"], ["NULL", "null"],
    [" ", " a "], ["two\nlines", "tab\t"], ["größe 🌿", "e\u{301}"], ["\"\u{301}", "\\\u{301}", ",\u{301}"], ["\r\n"],
  ]

  @Test(arguments: hostile)
  func `elements come back as they were`(elements: [String]) {
    let parsed = ArrayText.parse(ArrayText.format(elements))
    #expect(parsed.map { Array($0.unicodeScalars) } == elements.map { Array($0.unicodeScalars) })
  }

  @Test(arguments: [
    ("{}", []), ("{a}", ["a"]), ("{a,b}", ["a", "b"]), (#"{"a b",c}"#, ["a b", "c"]), (#"{""}"#, [""]),
    (#"{"",""}"#, ["", ""]), (#"{"a\"b","c\\d"}"#, [#"a"b"#, #"c\d"#]), (#"{"NULL"}"#, ["NULL"]),
    (#"{"{x}"}"#, ["{x}"]), ("{1:32,2:8}", ["1:32", "2:8"]),
  ])
  func `PostgreSQL's own text is read`(text: String, elements: [String]) {
    #expect(ArrayText.parse(text) == elements)
  }

  @Test(arguments: ["{NULL}", "{a,NULL}", "{NULL,a}", "{NULL,NULL}"])
  func `NULL elements are left out`(text: String) {
    #expect(ArrayText.parse(text) == (text.contains("a") ? ["a"] : []))
  }

  @Test(arguments: [("{NULL}", [nil]), (#"{a,NULL,"NULL",""}"#, ["a", nil, "NULL", ""]), ("[0:1]={1,2}", ["1", "2"]), ("{ö,🌿}", ["ö", "🌿"])])
  func `all elements can be had, NULL as nil`(text: String, elements: [String?]) {
    #expect(ArrayText.elements(of: text) == elements)
  }

  @Test func `a missing element is written as NULL, the word in quotes`() {
    #expect(ArrayText.format([nil, "NULL", "a"]) == #"{NULL,"NULL","a"}"#)
    #expect(ArrayText.format([]) == "{}")
  }
}
