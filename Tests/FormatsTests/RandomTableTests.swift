import Formats
import Rows
import Testing

/// Random tables, written as a file would be and read back.
@Suite struct RandomTableTests {
  private static let pieces: [String] = [
    "", "a", " ", ",", "\"", "\"\"", "\n", "\r", "\r\n", ";", "\\", "\t", "é", "東", "🌿", "NULL", "12345678", "x'y", "{", "]", "\u{1}",
    "#", "0",
  ]

  private func text(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
  }

  private func table(_ random: inout SeededGenerator, columns: Int) -> [[String?]] {
    (0..<Int.random(in: 0...30, using: &random)).map { _ in
      (0..<columns).map { _ in Int.random(in: 0...4, using: &random) == 0 ? nil : text(&random) }
    }
  }

  private func csvField(_ value: String?, _ dialect: CSVDialect, _ random: inout SeededGenerator) -> String {
    guard let value else { return "" }
    let quote = Character(UnicodeScalar(dialect.quote!))
    let special = value.unicodeScalars.contains { scalar in
      scalar == "\n" || scalar == "\r" || scalar.value == UInt32(dialect.delimiter) || scalar.value == UInt32(dialect.quote!)
        || scalar == "\\" && dialect.escape == .backslash
    }
    guard special || value.isEmpty || Bool.random(using: &random) else { return value }
    var result = String(quote)
    for scalar in value.unicodeScalars {
      if dialect.escape == .backslash, scalar == "\\" || scalar.value == UInt32(dialect.quote!) { result.unicodeScalars.append("\\") }
      if dialect.escape == .doubling, scalar.value == UInt32(dialect.quote!) { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + String(quote)
  }

  @Test func `a CSV file gives back what was written, in any dialect and any pieces`() async throws {
    var random = SeededGenerator(2026)
    for round in 0..<100 {
      let columns = Int.random(in: 2...5, using: &random)
      let dialect = CSVDialect(
        delimiter: [",", ";", "\t", "|"].randomElement(using: &random)!.utf8.first!,
        quote: Bool.random(using: &random) ? UInt8(ascii: "\"") : UInt8(ascii: "'"),
        escape: Bool.random(using: &random) ? .doubling : .backslash)
      let rows = table(&random, columns: columns)
      let newline = ["\n", "\r\n", "\r"].randomElement(using: &random)!
      // A CR alone ends no line where LF does, and a row must not look blank.
      let usable = rows.filter { row in
        row.contains { $0 != nil } && (newline != "\r" || !row.contains { $0?.unicodeScalars.contains("\n") == true })
      }
      let names = (0..<columns).map { "c\($0)" }
      let delimiter = String(UnicodeScalar(dialect.delimiter))
      var lines = [names.joined(separator: delimiter)]
      for row in usable { lines.append(row.map { csvField($0, dialect, &random) }.joined(separator: delimiter)) }
      let file = lines.joined(separator: newline) + (Bool.random(using: &random) ? newline : "")
      let sizes = (0..<3).map { _ in Int.random(in: 1...40, using: &random) }
      let read = try await csv(file, names, dialect, sizes: round % 3 == 0 ? [1] : sizes)
      #expect(read.error == nil && read.rejects.isEmpty, "round \(round): \(read.rejects.first?.reason ?? "")")
      #expect(read.texts == usable, "round \(round)")
    }
  }

  private func jsonString(_ value: String, _ random: inout SeededGenerator) -> String {
    var result = "\""
    for unit in value.unicodeScalars {
      if unit.value < 0x20 || unit == "\"" || unit == "\\" || Int.random(in: 0...9, using: &random) == 0 {
        for code in String(unit).utf16 { result += "\\u" + String(0x10000 + Int(code), radix: 16).dropFirst() }
      } else {
        result.unicodeScalars.append(unit)
      }
    }
    return result + "\""
  }

  @Test func `a JSON file gives back what was written, in any layout and any pieces`() async throws {
    var random = SeededGenerator(4052)
    for round in 0..<100 {
      let columns = Int.random(in: 1...5, using: &random)
      let rows = table(&random, columns: columns)
      let names = (0..<columns).map { "k\($0)" + (text(&random)) }
      guard Set(names).count == columns else { continue }
      let isArray = Bool.random(using: &random)
      var objects: [String] = []
      for row in rows {
        var members = zip(names, row).compactMap { name, value -> String? in
          guard let value else { return Bool.random(using: &random) ? nil : jsonString(name, &random) + ":null" }
          return jsonString(name, &random) + " : " + jsonString(value, &random)
        }
        if Bool.random(using: &random) { members.append(#""other":{"a":[1,{"b":"]}"}],"c":-1.5e3}"#) }
        objects.append("{" + members.shuffled(using: &random).joined(separator: ",\n ") + "}")
      }
      let file = isArray ? "[" + objects.joined(separator: ",") + "]\n" : objects.joined(separator: "\n")
      let sizes = (0..<3).map { _ in Int.random(in: 1...40, using: &random) }
      let read = try await json(file, names.map { ($0, "text") }, sizes: round % 3 == 0 ? [1] : sizes)
      #expect(read.error == nil && read.rejects.isEmpty, "round \(round): \(read.rejects.first?.reason ?? "")")
      #expect(read.texts == rows, "round \(round)")
    }
  }

  @Test func `typed values are the same wherever a file's pieces are cut`() async throws {
    let text = "id,n,at,note\n" + (0..<12).map { "\($0),\($0 * 7).25,2024-02-\(10 + $0 % 19) 10:00:00+02,\"a, \"\"b\"\"\"\n" }.joined()
    let types = ["id": "bigint", "n": "numeric(12,2)", "at": "timestamp with time zone"]
    let whole = try await csv(text, ["id", "n", "at", "note"], types: types)
    #expect(whole.rows.count == 12 && whole.rejects.isEmpty)
    for cut in 1..<text.utf8.count {
      let read = try await csv(text, ["id", "n", "at", "note"], types: types, sizes: [cut, text.utf8.count])
      #expect(read.rows == whole.rows, "cut at \(cut)")
    }
  }

  @Test func `memory does not grow with the file`() async throws {
    let line = Array("1,some text of a usual length,2024-01-01 00:00:00\n".utf8)
    let block = Array(repeating: line, count: 2000).flatMap(\.self)
    let stream = Repeated(block, times: 60)
    let columns = [WantedColumn(.field("c1"), type: ColumnType("bigint")), WantedColumn(.field("c2"), type: .text)]
    let reader = try CSVRows(stream, dialect: CSVDialect(hasHeader: false), columns: columns)
    var largest = 0
    var rows = 0
    while let batch = try await reader.next() {
      largest = max(largest, batch.batch.bytes.count)
      rows += batch.batch.rows
    }
    #expect(rows == 120_000)
    #expect(largest < 1 << 20)
  }
}
