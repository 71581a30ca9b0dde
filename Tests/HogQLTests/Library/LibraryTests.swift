import HogQL
import LocalPostgres
import Testing

@Suite struct LibraryTests {
  private static let root = (0..<4).reduce(#filePath) { path, _ in Disk.parent(of: path) }

  @Test func `every piece of Swift in the documentation is one that is compiled here`() throws {
    let page = try #require(Disk.read("\(Self.root)/docs/hogql-library.md"))
    let source = Self.lines(try #require(Disk.read("\(Self.root)/Tests/HogQLTests/Library/LibraryExamples.swift")))
    let blocks = page.components(between: "```swift\n", and: "```")
    #expect(blocks.count >= 5)
    for block in blocks {
      #expect(source.contains(Self.lines(block)), "\(block)")
    }
  }

  @Test func `the documentation says what the examples give`() throws {
    let page = try #require(Disk.read("\(Self.root)/docs/hogql-library.md"))
    let catalogue = LibraryExamples.catalogue()
    let (sql, columns) = try LibraryExamples.translation(catalogue)
    let given = [
      sql, columns.map { "\($0.name) \($0.type.clickHouseName)" }.joined(separator: "\n"), LibraryExamples.mistake(catalogue),
    ]
    for text in given { #expect(page.contains("```text\n\(text)\n```"), "\(text)") }
    #expect(try LibraryExamples.limits(catalogue).hasSuffix("LIMIT 1000"))
    #expect(try LibraryExamples.placeOfAnError(catalogue)?.contains("division by zero") == true)
    #expect(try LibraryExamples.tree() == 1)
  }

  /// Lines without their indentation.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }
}

extension String {
  /// What stands between each opening and the next closing.
  fileprivate func components(between opening: String, and closing: String) -> [String] {
    var result: [String] = []
    var rest = self[...]
    while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
      result.append(String(rest[start.upperBound..<end.lowerBound]))
      rest = rest[end.upperBound...]
    }
    return result
  }
}
