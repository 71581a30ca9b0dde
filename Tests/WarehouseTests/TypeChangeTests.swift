import Rows
import Testing
import Warehouse

@Suite struct TypeChangeTests {
  @Test(arguments: [
    "integer", "text[]", "numeric(10,2)", "timestamp(3) without time zone", "character varying(5)[]", #""my type""#,
  ])
  func `the same type is no change`(type: String) {
    #expect(TypeChange(from: ColumnType(type), to: ColumnType(type)) == .same)
  }

  @Test(arguments: [
    ("character varying(5)", "character varying(6)"), ("character varying(5)", "character varying"), ("character varying(5)", "text"),
    ("character varying", "text"), ("numeric(10,2)", "numeric(12,2)"), ("numeric(10,2)", "numeric"),
    ("timestamp(3) without time zone", "timestamp without time zone"), ("timestamp(0) with time zone", "timestamp(3) with time zone"),
    ("time(0) without time zone", "time without time zone"), ("bit varying(3)", "bit varying(9)"),
  ])
  func `a longer type only has to be noted down`(old: String, new: String) {
    #expect(TypeChange(from: ColumnType(old), to: ColumnType(new)) == .relabel)
  }

  @Test(arguments: [
    ("smallint", "integer"), ("smallint", "bigint"), ("smallint", "numeric"), ("integer", "bigint"), ("integer", "numeric"),
    ("bigint", "numeric"), ("real", "double precision"), ("date", "timestamp without time zone"),
    ("numeric(10,2)", "numeric(12,4)"), ("numeric(10,2)", "numeric(14,3)"), ("numeric(3,-2)", "numeric(5,0)"),
  ])
  func `a wider type takes every value`(old: String, new: String) {
    #expect(TypeChange(from: ColumnType(old), to: ColumnType(new)) == .widen)
  }

  @Test(arguments: [
    ("bigint", "integer"), ("numeric", "bigint"), ("integer", "numeric(10,2)"), ("numeric", "numeric(10,2)"), ("numeric(10,2)", "numeric(8,2)"),
    ("numeric(10,2)", "numeric(10,4)"), ("numeric(10,2)", "numeric(12,1)"), ("numeric(10,2)", "numeric(11,4)"), ("double precision", "real"), ("double precision", "numeric"), ("text", "character varying(5)"),
    ("text", "character varying"), ("character varying(6)", "character varying(5)"), ("character varying", "character varying(5)"),
    ("character(5)", "text"), ("timestamp without time zone", "timestamp with time zone"), ("timestamp with time zone", "timestamp without time zone"),
    ("timestamp without time zone", "timestamp(3) without time zone"), ("timestamp(6) with time zone", "timestamp(3) with time zone"),
    ("date", "timestamp with time zone"), ("timestamp without time zone", "date"), ("integer", "text"), ("integer", "integer[]"),
    ("integer[]", "bigint[]"), ("character varying(5)[]", "text[]"), ("uuid", "text"), ("json", "jsonb"), ("bit(3)", "bit(4)"),
  ])
  func `whatever may lose or change a value is another type`(old: String, new: String) {
    #expect(TypeChange(from: ColumnType(old), to: ColumnType(new)) == .other)
  }
}
