import HogQL
import JSON
import Service
import Terminal
import Testing

@Suite struct ResultValueTests {
  @Test(arguments: [
    ("1", HogQLType.int, "1"), ("9007199254740992", .int, "9007199254740992"), ("9007199254740993", .int, #""9007199254740993""#),
    ("-9223372036854775808", .int, #""-9223372036854775808""#), ("0.1", .float, "0.1"), ("1e+20", .float, "1e+20"), ("NaN", .float, #""nan""#),
    ("-Infinity", .float, #""-inf""#), ("12.50", .decimal(2), "12.5"), ("100", .decimal(0), "100"), ("7.000", .decimal(3), "7"),
    ("1234567890123456.5", .decimal(1), #""1234567890123456.5""#), ("0.000000000000001", .decimal(15), "0.000000000000001"),
    ("t", .bool, "true"), ("f", .bool, "false"), ("t", .flag, "1"), ("f", .flag, "0"), ("", .string, #""""#),
    ("2024-02-29", .date, #""2024-02-29""#), ("2024-02-29 01:02:03+00", .dateTime, #""2024-02-29T01:02:03Z""#),
    ("2024-02-29 01:02:03.120000+00", .dateTime64, #""2024-02-29T01:02:03.12Z""#), (#"{"a": 1}"#, .json, #""{\"a\": 1}""#),
  ])
  func `a scalar has its type's form`(text: String, type: HogQLType, json: String) {
    #expect(ResultValue.json(text, type).text() == json)
  }

  @Test(arguments: [
    ("{}", HogQLType.array(.int), "[]"), ("{1,NULL,3}", .array(.int.nullable), "[1,null,3]"),
    (#"{a,"b,c","d\"e","NULL","",NULL}"#, .array(.string.nullable), #"["a","b,c","d\"e","NULL","",null]"#),
    (#"{"2024-01-01 00:00:00+00"}"#, .array(.dateTime), #"["2024-01-01T00:00:00Z"]"#), ("{t,f}", .array(.flag), "[1,0]"),
    (#"{"[1, 2]","[]"}"#, .array(.array(.int)), "[[1,2],[]]"), (#"["a", 1.50, "nan", null]"#, .tuple([.string, .decimal(2), .float, .int.nullable]), #"["a",1.5,"nan",null]"#),
    (#"{"k": "2024-01-01T00:00:00.5+00:00"}"#, .map(.string, .dateTime64), #"{"k":"2024-01-01T00:00:00.5Z"}"#),
    (#"{"k": [9007199254740993]}"#, .map(.string, .array(.int)), #"{"k":["9007199254740993"]}"#),
  ])
  func `what holds values gives each its form`(text: String, type: HogQLType, json: String) {
    #expect(ResultValue.json(text, type).text() == json)
  }

  @Test func `NULL is null, whatever the type`() {
    for type in [HogQLType.int, .string, .json, .array(.int), .null] {
      #expect(ResultValue.json(nil, type).isNull)
      #expect(ResultValue.text(nil, type) == nil)
    }
  }
}
