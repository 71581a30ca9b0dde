@testable import Formats
import Testing

/// The forms that lists and maps have had: examples from `LogicalTypes.md`.
@Suite struct ParquetSchemaTests {
  private func group(_ name: String, _ repetition: SchemaElement.Repetition, _ children: Int32, _ annotation: Annotation? = nil)
    -> SchemaElement
  {
    var element = SchemaElement()
    (element.name, element.repetition, element.childCount, element.annotation) = (name, repetition, children, annotation)
    return element
  }

  private func leaf(_ name: String, _ repetition: SchemaElement.Repetition, _ type: Int32 = 1, _ annotation: Annotation? = nil)
    -> SchemaElement
  {
    var element = SchemaElement()
    (element.name, element.repetition, element.physicalType, element.annotation) = (name, repetition, type, annotation)
    return element
  }

  private func type(_ elements: SchemaElement...) throws -> String {
    let schema = try ParquetSchema([group("schema", .required, 1)] + elements)
    return try #require(schema.columns.first).typeName
  }

  @Test func `lists of three levels are lists, whatever their fields are called`() throws {
    #expect(try type(group("l", .optional, 1, .list), group("list", .repeated, 1), leaf("element", .optional)) == "list<int32>")
    #expect(
      try type(group("l", .optional, 1, .list), group("element", .repeated, 1), leaf("str", .required, 6, .string)) == "list<string>")
    #expect(try type(group("l", .optional, 1, .list), group("bag", .repeated, 1), leaf("array_element", .optional)) == "list<int32>")
  }

  @Test func `lists of two levels hold what is repeated`() throws {
    #expect(try type(group("l", .optional, 1, .list), leaf("element", .repeated)) == "list<int32>")
    #expect(
      try type(group("l", .optional, 1, .list), group("element", .repeated, 2), leaf("str", .required, 6, .string), leaf("num", .required))
        == "list<struct<str string, num int32>>")
    #expect(
      try type(group("l", .optional, 1, .list), group("array", .repeated, 1, .list), leaf("array", .repeated)) == "list<list<int32>>")
    #expect(
      try type(group("l", .optional, 1, .list), group("array", .repeated, 1), leaf("str", .required)) == "list<struct<str int32>>")
    #expect(
      try type(group("l", .optional, 1, .list), group("l_tuple", .repeated, 1), leaf("str", .required)) == "list<struct<str int32>>")
    #expect(
      try type(group("l", .optional, 1, .list), group("list", .repeated, 1), leaf("item", .repeated)) == "list<struct<item list<int32>>>")
  }

  @Test func `a repeated field without an annotation is a list that is never null`() throws {
    let schema = try ParquetSchema([group("schema", .required, 1), leaf("n", .repeated)])
    #expect(schema.columns[0].typeName == "list<int32>")
    #expect(schema.columns[0].definition == 0)
    #expect(try type(group("g", .repeated, 1), leaf("n", .required)) == "list<struct<n int32>>")
  }

  @Test func `maps are maps under both of their names, and sets with keys alone`() throws {
    for annotation in [Annotation.map, nil] {
      var outer = group("m", .optional, 1, annotation)
      if annotation == nil { outer.convertedType = 2 }
      var pair = group("map", .repeated, 2)
      pair.convertedType = 2
      #expect(try type(outer, pair, leaf("key", .required, 6, .string), leaf("value", .optional)) == "map<string, int32>")
    }
    #expect(try type(group("m", .optional, 1, .map), group("key_value", .repeated, 1), leaf("key", .required)) == "list<int32>")
  }

  @Test(arguments: [
    (0, 6, "string"), (4, 6, "string"), (5, 1, "decimal(9,2)"), (6, 1, "date"), (7, 1, "time(ms, UTC)"), (8, 2, "time(us, UTC)"),
    (9, 2, "timestamp(ms, UTC)"), (10, 2, "timestamp(us, UTC)"), (11, 1, "uint8"), (12, 1, "uint16"), (13, 1, "uint32"),
    (14, 2, "uint64"), (15, 1, "int8"), (16, 1, "int16"), (17, 1, "int32"), (18, 2, "int64"), (19, 6, "json"), (20, 6, "bson"),
    (21, 7, "interval"), (6, 6, "binary"), (99, 2, "int64"),
  ] as [(Int32, Int32, String)])
  func `converted types mean what they meant`(code: Int32, physical: Int32, name: String) throws {
    var element = leaf("x", .optional, physical)
    (element.convertedType, element.precision, element.scale, element.typeLength) = (code, 9, 2, 12)
    #expect(try type(element) == name)
  }

  @Test func `what makes no sense is refused`() {
    #expect(throws: FormatError.self) { try ParquetSchema([]) }
    #expect(throws: FormatError.self) { try type(group("g", .optional, 2), leaf("a", .required)) }
    #expect(throws: FormatError.self) { try type(group("g", .optional, 0)) }
    #expect(throws: FormatError.self) { try type(leaf("a", .required), leaf("b", .required)) }
    #expect(throws: FormatError.self) { try type(leaf("a", .required, 7)) }
    #expect(throws: FormatError.self) { try type(leaf("a", .required, 9)) }
    #expect(throws: FormatError.self) { try type(leaf("a", .required, 1, .decimal(precision: 3, scale: 5))) }
    #expect(throws: FormatError.self) { try type(leaf("a", .vector)) }
    let deep = (0..<200).map { _ in group("g", .optional, 1) } + [leaf("a", .required)]
    #expect(throws: FormatError.self) { try ParquetSchema([group("schema", .required, 1)] + deep) }
  }

  @Test(arguments: [
    [0x15, 0x80], [0x18, 0xFF, 0xFF, 0xFF, 0x7F], [0x19, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x1E], [0x15] + Array(repeating: 0xFF, count: 11),
    Array(repeating: 0x1C, count: 100), [0x1B, 0xFF, 0xFF, 0x03, 0x88],
  ] as [[UInt8]])
  func `a broken footer asks for no memory and ends in an error`(bytes: [UInt8]) {
    #expect(throws: FormatError.self) {
      try bytes.withUnsafeBytes { bytes in
        var thrift = ThriftReader(bytes)
        try thrift.structure { (_, _, _) throws(FormatError) in false }
      }
    }
  }

  @Test func `lz4 is read in all the forms that one codec's name stood for`() throws {
    // A raw block of five literals.
    let block: [UInt8] = [0x50] + Array("hello".utf8)
    let forms = [block, [0, 0, 0, 5, 0, 0, 0, 6] + block]
    for form in forms {
      var output = [UInt8](repeating: 0, count: 5)
      try form.withUnsafeBytes { input in try output.withUnsafeMutableBytes { try PageCodec.lz4Hadoop.decompress(input, into: $0) } }
      #expect(output == Array("hello".utf8))
    }
  }

  @Test func `LZO is refused by its name, and a page of another size than promised`() {
    var output = [UInt8](repeating: 0, count: 4)
    let error = #expect(throws: FormatError.self) {
      try [UInt8]([1]).withUnsafeBytes { input in try output.withUnsafeMutableBytes { try PageCodec.lzo.decompress(input, into: $0) } }
    }
    #expect(error?.message == "it is compressed with LZO, which is not read")
    #expect(throws: FormatError.self) {
      try [UInt8]([0x50] + Array("hello".utf8)).withUnsafeBytes { input in
        try output.withUnsafeMutableBytes { try PageCodec.lz4.decompress(input, into: $0) }
      }
    }
  }
}
