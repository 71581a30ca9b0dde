import Formats
import JSON
import Rows
import Testing

@Suite struct AvroFileTests {
  private func read(_ bytes: [UInt8], as types: [String: ColumnType] = [:], size: Int = 1_000) async throws -> (
    columns: [FileColumn], rows: CopiedRows
  ) {
    let file = try await AvroFile.open(PieceStream(bytes, size: size))
    let wanted = file.columns.map { WantedColumn(.field($0.name), type: types[$0.name] ?? $0.type) }
    return (file.columns, try await CopiedRows(try file.rows(wanted), wanted.map(\.type)))
  }

  @Test(arguments: ["null", "deflate", "snappy", "zstandard", "bzip2", "xz"])
  func `every codec gives the rows that are expected`(codec: String) async throws {
    let (columns, rows) = try await read(try LakeData.bytes("avro/all_\(codec).avro"), size: 77)
    let expected = try LakeData.lines("avro/all.expected.jsonl")
    #expect(rows.rows.count == expected.count)
    #expect(rows.rejects.isEmpty)
    for (row, wanted) in zip(rows.rows, expected) {
      for (column, value) in zip(columns, row) {
        let promised = Self.promised(wanted[column.name], column)
        #expect(isSame(value, promised), "\(column.name): \(value) is not \(promised)")
      }
    }
  }

  /// Times of day have the unit's digits in the expected values, and six in PostgreSQL.
  private static func promised(_ value: JSONValue?, _ column: FileColumn) -> JSONValue {
    guard column.name == "time_ms", let text = value?.stringValue else { return value ?? .null }
    return .string(text + "000")
  }

  @Test func `columns have the types that hold their values`() async throws {
    let file = try await AvroFile.open(PieceStream(try LakeData.bytes("avro/all_null.avro")))
    #expect(
      file.columns.map { "\($0.name) \($0.type)\($0.isRequired ? " NOT NULL" : "")" } == [
        "id bigint NOT NULL", "name text", "b boolean NOT NULL", "i integer NOT NULL", "f real NOT NULL",
        "d double precision NOT NULL", "bin bytea NOT NULL", "fix bytea NOT NULL", "e text NOT NULL",
        "arr jsonb NOT NULL",
        "map jsonb NOT NULL", "rec jsonb", "date date NOT NULL", "time_ms time without time zone NOT NULL",
        "ts_ms timestamp with time zone NOT NULL", "ts_us timestamp with time zone NOT NULL",
        "dec numeric(20,4) NOT NULL",
        "uuid uuid NOT NULL", "u3 jsonb",
      ])
  }

  @Test func `a file without rows is a stream without rows`() async throws {
    #expect(try await read(try LakeData.bytes("avro/empty.avro")).rows.rows.isEmpty)
  }
}
