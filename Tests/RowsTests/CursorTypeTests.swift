import Rows
import Testing

@Suite struct CursorTypeTests {
  @Test(arguments: [
    ("smallint", .integer), ("integer", .integer), ("bigint", .integer), ("numeric", .numeric), ("numeric(20,4)", .numeric),
    ("date", .date), ("timestamp without time zone", .timestamp), ("timestamp(3) without time zone", .timestamp),
    ("timestamp with time zone", .timestamptz), ("timestamp(0) with time zone", .timestamptz),
  ] as [(String, CursorType)])
  func `whole and exact numbers, dates and times can be a cursor field`(type: String, kind: CursorType) {
    #expect(CursorType(type) == kind)
  }

  @Test(arguments: [
    "text", "uuid", "real", "double precision", "money", "interval", "time without time zone", "integer[]", "numeric(20,4)[]",
    "timestamp with time zone[]", "int4range", "", "character varying(10)",
  ])
  func `nothing else can`(type: String) { #expect(CursorType(type) == nil) }

  @Test(arguments: [
    ("numeric(20,4)", "numeric"), ("timestamp(3) with time zone", "timestamp with time zone"), ("bigint", "bigint"),
    ("character varying(10)", "character varying"), ("numeric(20,4)[]", "numeric[]"),
  ])
  func `a constant's type has no modifier that would round it`(type: String, literal: String) {
    #expect(CursorType.literalType(type) == literal)
  }

  @Test func `times are told from numbers`() {
    #expect([.date, .timestamp, .timestamptz].allSatisfy { (type: CursorType) in type.isTime })
    #expect(![.integer, .numeric].contains { (type: CursorType) in type.isTime })
  }
}
