import ConnectorKit
import Testing

@testable import Connectors

@Suite struct CursorChoiceTests {
  private static let time = "timestamp with time zone"

  @Test(arguments: [
    (["id bigint key", "created_at time", "updated_at time"], ["updated_at", "created_at", "id"]),
    (["created_at time", "id integer key"], ["created_at", "id"]), (["seen date", "at time"], ["at", "seen"]),
    (["a time", "b time indexed"], ["b", "a"]), (["a bigint", "b bigint required"], ["b", "a"]), (["n numeric(10,0)", "i integer"], ["i", "n"]),
    (["first time", "second time"], ["first", "second"]), (["LastUpdate time", "created time"], ["LastUpdate", "created"]),
    (["modified_on date", "id bigint key"], ["modified_on", "id"]),
  ])
  func `what says that a row changed comes first, then what says when it came, then a growing key`(columns: [String], order: [String]) {
    #expect(choose(columns).map(\.name) == order)
  }

  @Test(arguments: [
    "text", "uuid", "jsonb", "boolean", "interval", "time without time zone", "real", "double precision", "money", "bigint[]", "int8range",
    "timestamp with time zone[]", "numeric(10,2)[]",
  ])
  func `a column of another type is no candidate`(type: String) {
    #expect(CursorChoice.family(of: type) == nil)
  }

  @Test(arguments: [
    ("smallint", .number), ("numeric", .number), ("numeric(20,0)", .number), ("date", .date), ("timestamp(3) without time zone", .time),
  ] as [(String, CursorChoice.Family)])
  func `whole and exact numbers, dates and times are`(type: String, family: CursorChoice.Family) {
    #expect(CursorChoice.family(of: type) == family)
  }

  @Test func `a column without an index says what that costs`() {
    let candidates = choose(["a bigint indexed", "b bigint"])
    #expect(candidates.first { $0.name == "a" }?.note == nil)
    #expect(candidates.first { $0.name == "b" }?.note?.contains("no index") == true)
    #expect(candidates.map(\.isIndexed) == [true, false])
  }

  @Test func `a sequence that hands out many values at a time needs a lookback`() {
    let candidate = choose(["id bigint key indexed"], caches: [1: 50])[0]
    #expect(candidate.note?.contains("50") == true)
    #expect(candidate.note?.contains("lookback=") == true)
  }

  @Test(arguments: [("updated_at", true), ("MODIFIED", true), ("created_at", false), ("id", false)])
  func `only some names tell changes`(name: String, tells: Bool) {
    #expect(CursorCandidate(name: name, type: Self.time, isIndexed: true).tellsChanges == tells)
  }

  /// Each column is its name, its type and words.
  private func choose(_ columns: [String], caches: [Int: Int] = [:]) -> [CursorCandidate] {
    let words = columns.map { $0.split(separator: " ").map(String.init) }
    let source = words.enumerated().map { index, words in
      let type = words[1] == "time" ? Self.time : words[1]
      return SourceColumn(name: words[0], number: index + 1, type: type, sourceType: type, required: words.contains("required"))
    }
    let table = PostgresDiscovery.Table(
      oid: 1, namespace: "public", name: "t", kind: "r", estimatedRows: nil, estimatedBytes: nil,
      key: words.filter { $0.contains("key") }.map { $0[0] },
      indexed: Set(words.indices.filter { words[$0].contains("indexed") }.map { $0 + 1 }), sequenceCaches: caches, isReadable: true,
      isInsideNamespace: true)
    return CursorChoice.candidates(of: table, source)
  }
}
