import Rows

/// A data file or a file of deletes, in either of the formats that are read.
enum IcebergDataFile: Sendable {
  case parquet(ParquetFile)
  case avro(AvroFile)

  static func open(_ entry: IcebergEntry, _ ranges: any ByteRanges) async throws -> IcebergDataFile {
    switch entry.format {
    case "parquet": return .parquet(try await ParquetFile.open(ranges))
    case "avro": return .avro(try await AvroFile.open(RangesStream(ranges)))
    default:
      throw FormatError(
        .unsupported, "a file of the Iceberg table has the format \"\(entry.format.prefix(40))\", which is not read",
        hint: "Parquet and Avro are read. Rewrite the table's files, or link a copy.")
    }
  }

  func rows(_ wanted: [WantedColumn]) throws -> any FileRows {
    switch self {
    case .parquet(let file): try file.rows(wanted)
    case .avro(let file): try file.rows(wanted)
    }
  }

  /// More than any file of the format has; for Parquet exactly what it has.
  var rowLimit: Int64 {
    switch self {
    case .parquet(let file): file.rowCount
    case .avro: .max
    }
  }

  /// The columns' names, and their numbers where they have them.
  var columns: [(name: String, id: Int?)] {
    switch self {
    case .parquet(let file): zip(file.columns, file.fieldIDs).map { ($0.name, $1.map { Int($0) }) }
    case .avro(let file): file.schema.fields.map { ($0.name, $0.id) }
    }
  }

  /// The names that members of a nested column have in the table.
  ///
  /// - Parameter place: of the column in the file.
  func names(of place: Int, _ type: TableType) -> JSONNames {
    switch self {
    case .parquet(let file): Self.names(file.schema.columns[place], type)
    case .avro(let file): Self.names(file.schema, file.schema.fields[place].type, type)
    }
  }

  private static func names(_ node: SchemaNode, _ type: TableType) -> JSONNames {
    switch (node.shape, type) {
    case (.structure(let members), .structure(let fields)):
      Self.members(members.map { ($0.name, $0.fieldID.map { Int($0) }) }, fields) { names(members[$0], $1) }
    case (.list(let element, _, _), .list(let type, _)): .elements(names(element, type))
    case (.map(_, let value, _, _), .map(_, let type, _, _)): .values(names(value, type))
    default: .same
    }
  }

  private static func names(_ schema: AvroSchema, _ place: AvroSchema.Place, _ type: TableType) -> JSONNames {
    switch (schema.nodes[schema.value(of: place).place], type) {
    case (.record(let members), .structure(let fields)):
      Self.members(members.map { ($0.name, $0.id) }, fields) { names(schema, members[$0].type, $1) }
    case (.array(let items), .list(let type, _)): .elements(names(schema, items, type))
    case (.map(let values), .map(_, let type, _, _)): .values(names(schema, values, type))
    default: .same
    }
  }

  /// Members that have a number are found by it; one without keeps its name.
  private static func members(
    _ members: [(name: String, id: Int?)], _ fields: [TableField], _ inner: (Int, TableType) -> JSONNames
  ) -> JSONNames {
    var known: [String: JSONNames.Member] = [:]
    for (place, member) in members.enumerated() {
      guard let id = member.id else { continue }
      let field = fields.first { $0.id == id }
      known[member.name] = JSONNames.Member(name: field?.name, names: field.map { inner(place, $0.type) } ?? .same)
    }
    return .members(known)
  }
}
