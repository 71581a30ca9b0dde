import Foundation
import Testing

@testable import HogQL

/// A query and the SQL it becomes, from the files in `Cases/golden`.
struct GoldenPair: Sendable, CustomTestStringConvertible {
  var file: String
  var query: String
  var sql: String

  var testDescription: String { "\(file): \(query)" }

  /// Pairs are parted by empty lines, and a line `=>` parts a query from its SQL. Lines with `#` are titles.
  static func read() throws -> [GoldenPair] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Cases/golden").standardized
    var pairs: [GoldenPair] = []
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "golden" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for block in text.components(separatedBy: "\n\n") {
        let lines = block.split(separator: "\n").filter { !$0.hasPrefix("#") }
        guard let middle = lines.firstIndex(of: "=>") else { continue }
        pairs.append(
          GoldenPair(
            file: file.lastPathComponent, query: lines[..<middle].joined(separator: "\n"),
            sql: lines[(middle + 1)...].joined(separator: "\n")))
      }
    }
    return pairs
  }
}

@Suite struct GoldenTests {
  @Test(arguments: try GoldenPair.read())
  func `a query becomes the SQL that was agreed on`(pair: GoldenPair) throws {
    #expect(try Shop.sql(pair.query) == pair.sql)
  }

  @Test func `there are pairs for every construct`() throws {
    #expect(try GoldenPair.read().count > 60)
  }
}
