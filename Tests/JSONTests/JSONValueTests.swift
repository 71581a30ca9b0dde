import Testing

@testable import JSON

@Suite struct JSONValueTests {
  @Test func `parts are found by key and position`() throws {
    let value = try JSONValue(parsing: #"{"a": [10, {"b": "x"}], "k": 1, "k": 2}"#)
    #expect(value["a"]?[0]?.integerValue == 10)
    #expect(value["a"]?[1]?["b"]?.stringValue == "x")
    #expect(value["k"] == 2)
    #expect(value["none"] == nil)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["a"]?["b"] == nil)
    #expect(value.members?.map(\.key) == ["a", "k", "k"])
    #expect(value["a"]?.elements?.count == 2)
  }

  @Test func `a value is taken only for what it is`() {
    #expect(JSONValue.bool(true).boolValue == true)
    #expect(JSONValue.integer(1).boolValue == nil)
    #expect(JSONValue.string("1").integerValue == nil)
    #expect(JSONValue.number("1.5").integerValue == nil)
    #expect(JSONValue.number("1.5").doubleValue == 1.5)
    #expect(JSONValue.integer(3).doubleValue == 3)
    #expect(JSONValue.number("1e400").doubleValue == nil)
    #expect(JSONValue.null.isNull && !JSONValue.bool(false).isNull)
  }

  @Test func `texts that are only composed alike stay two keys`() {
    let value: JSONValue = ["\u{E9}": 1, "e\u{301}": 2]
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
  }

  @Test func `order and spelling count in a comparison`() {
    let one: JSONValue = ["a": 1, "b": 2]
    #expect(one == .object([("a", 1), ("b", 2)]))
    #expect(one != ["b": 2, "a": 1])
    #expect(JSONValue.integer(1) != .number("1.0"))
    #expect(JSONValue.array([1, 2]) != [1])
  }
}
