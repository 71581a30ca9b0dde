import ConnectorKit
import Testing

@testable import Connectors

@Suite struct PostgresTypesTests {
  @Test(arguments: [
    (23, "integer"), (20, "bigint"), (1700, "numeric(12,2)"), (1043, "character varying(5)"), (1042, "character(3)"),
    (1184, "timestamp(3) with time zone"), (3802, "jsonb"), (1007, "integer[]"), (3904, "int4range"), (4451, "int4multirange"),
  ] as [(UInt32, String)])
  func `a built-in type is kept, with its modifier`(oid: UInt32, printed: String) {
    #expect(types().mapping(of: oid, printed: printed) == .init(type: printed, reading: .asItIs, note: nil))
  }

  @Test(arguments: [(790, "money"), (2205, "regclass"), (1033, "aclitem")] as [(UInt32, String)])
  func `what is not the same elsewhere becomes text, and says so`(oid: UInt32, printed: String) {
    let mapping = types().mapping(of: oid, printed: printed)
    #expect(mapping.type == "text")
    #expect(mapping.reading == .asText)
    #expect(mapping.note?.contains(printed) == true)
  }

  @Test(arguments: [
    (20000, "mood", "text", .asText), (20001, "mood[]", "text[]", .asTextArray), (20010, "price", "numeric(10,2)", .asBase),
    (20011, "price[]", "numeric(10,2)[]", .asBase), (20012, "net_price", "numeric(10,2)", .asBase), (20014, "ids", "integer[]", .asBase),
    (20015, "ids[]", "text[]", .asTextArray), (20016, "moody", "text", .asText), (20020, "address", "jsonb", .asJSON),
    (20021, "address[]", "jsonb", .asJSON), (20030, "floats", "text", .asText), (20031, "floats[]", "text[]", .asTextArray),
    (29999, "unheard", "text", .asText),
  ] as [(UInt32, String, String, SourceColumn.Reading)])
  func `a type that somebody made becomes one that the warehouse has`(oid: UInt32, printed: String, type: String, reading: SourceColumn.Reading) {
    let mapping = types().mapping(of: oid, printed: printed)
    #expect(mapping.type == type)
    #expect(mapping.reading == reading)
    #expect(mapping.note?.contains(printed) == true)
  }

  @Test func `an extension's type is kept where the warehouse has it, under its name there`() {
    let types = types(extensions: ["citext.citext": "ext.citext", "hstore.hstore": "public.hstore", "postgis.geometry": "gis.geometry"])
    #expect(types.mapping(of: 20040, printed: "citext") == .init(type: "ext.citext", reading: .asItIs, note: nil))
    #expect(types.mapping(of: 20050, printed: "hstore") == .init(type: "public.hstore", reading: .asItIs, note: nil))
    #expect(types.mapping(of: 20060, printed: "geometry(Point,4326)").type == "gis.geometry(Point,4326)")
  }

  @Test func `without the extension its type becomes text, or jsonb where that keeps meaning`() {
    #expect(types().mapping(of: 20040, printed: "citext").type == "text")
    #expect(types().mapping(of: 20050, printed: "hstore").type == "jsonb")
    #expect(types().mapping(of: 20050, printed: "hstore").reading == .asJSON)
    #expect(types().mapping(of: 20041, printed: "citext[]").reading == .asTextArray)
  }

  /// Its binary form names the elements' type by a number that is another one in the warehouse.
  @Test func `an array of an extension's type becomes an array of text, with the extension too`() {
    let types = types(extensions: ["citext.citext": "ext.citext"])
    #expect(types.mapping(of: 20041, printed: "citext[]").type == "text[]")
    #expect(types.mapping(of: 20041, printed: "citext[]").reading == .asTextArray)
    #expect(types.mapping(of: 20043, printed: "email[]").reading == .asTextArray)
  }

  /// The base's name in the warehouse need not be its name at the source.
  @Test func `a domain over an extension's type is read without a cast`() {
    let mapping = types(extensions: ["citext.citext": "ext.citext"]).mapping(of: 20042, printed: "email")
    #expect(mapping.type == "ext.citext")
    #expect(mapping.reading == .asItIs)
  }

  @Test(arguments: [("numeric(3,5)", "numeric"), ("numeric(3,-2)", "numeric"), ("numeric(5,3)", "numeric(5,3)")])
  func `a warehouse before version 15 has no such scale`(printed: String, type: String) {
    #expect(types(version: 140_005).mapping(of: 1700, printed: printed).type == type)
    #expect(types(version: 150_000).mapping(of: 1700, printed: printed).type == printed)
  }

  @Test func `a warehouse before version 14 has no multiranges`() {
    #expect(types(version: 130_009).mapping(of: 4451, printed: "int4multirange").type == "text")
    #expect(types(version: 140_000).mapping(of: 4451, printed: "int4multirange").type == "int4multirange")
  }

  private func types(version: Int = 150_000, extensions: [String: String] = [:]) -> PostgresTypes {
    var types: [UInt32: PostgresType] = [:]
    func add(
      _ oid: UInt32, _ name: String, _ kind: Character = "b", element: UInt32? = nil, base: (UInt32, String)? = nil, from: String? = nil,
      binary: Bool = true
    ) {
      types[oid] = PostgresType(
        oid: oid, name: name, kind: kind, element: element, base: base?.0, baseName: base?.1, extensionType: from, hasBinary: binary)
    }
    for (oid, name) in [
      (23, "integer"), (20, "bigint"), (1700, "numeric"), (1043, "character varying"), (1042, "character"), (1184, "timestamp with time zone"),
      (3802, "jsonb"), (790, "money"), (2205, "regclass"), (1033, "aclitem"),
    ] as [(UInt32, String)] { add(oid, name, binary: name != "aclitem") }
    add(1007, "integer[]", element: 23)
    add(3904, "int4range", "r")
    add(4451, "int4multirange", "m")
    add(20000, "mood", "e")
    add(20001, "mood[]", element: 20000)
    add(20010, "price", "d", base: (1700, "numeric(10,2)"))
    add(20011, "price[]", element: 20010)
    add(20012, "net_price", "d", base: (20010, "price"))
    add(20014, "ids", "d", base: (1007, "integer[]"))
    add(20015, "ids[]", element: 20014)
    add(20016, "moody", "d", base: (20000, "mood"))
    add(20020, "address", "c")
    add(20021, "address[]", element: 20020)
    add(20030, "floats", "r")
    add(20031, "floats[]", element: 20030)
    add(20040, "citext", from: "citext.citext")
    add(20041, "citext[]", element: 20040)
    add(20042, "email", "d", base: (20040, "citext"))
    add(20043, "email[]", element: 20042)
    add(20050, "hstore", from: "hstore.hstore")
    add(20060, "geometry", from: "postgis.geometry")
    return PostgresTypes(types: types, warehouse: WarehouseTypes(serverVersion: version, extensionTypes: extensions))
  }
}
