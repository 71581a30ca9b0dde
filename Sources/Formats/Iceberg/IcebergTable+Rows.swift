import Rows

extension IcebergTable {
  /// The rows of one of the table's files, without those that are deleted.
  ///
  /// - Parameter wanted: fields by their names in the table of today, whatever the file calls them. A column that is younger
  ///   than the file has its default, or is NULL.
  /// - Throws: `FormatError` when the file is gone or broken, or when a column cannot be had as the type that is wanted.
  public func rows(of file: IcebergFile, _ wanted: [WantedColumn]) async throws -> any FileRows {
    let ranges = try await reader.files.data(file.path, namedBy: "the table")
    do {
      let data = try await IcebergDataFile.open(file.entry, ranges)
      let projection = IcebergProjection(data, file.entry, metadata)
      var transform = RowTransform(columns: wanted.count)
      var inFile: [WantedColumn] = []
      for (place, column) in wanted.enumerated() {
        let (origin, names) = try projection.origin(column.origin)
        inFile.append(WantedColumn(origin, type: column.type))
        if !names.isSame { transform.renames[place] = names }
      }
      try await addDeletes(of: file.entry, data, projection, &transform, &inFile)
      let rows = try data.rows(inFile)
      return transform.isNeeded ? TransformedRows(rows, transform) : rows
    } catch let error as FormatError {
      throw FormatError(
        error.kind, "\(file.path): \(error.message)", hint: error.hint, row: error.row, offset: error.offset)
    }
  }

  /// Finds what is deleted of a file, and has the columns read that tell it.
  private func addDeletes(
    of entry: IcebergEntry, _ data: IcebergDataFile, _ projection: IcebergProjection, _ transform: inout RowTransform,
    _ inFile: inout [WantedColumn]
  ) async throws {
    if let rows = try await deletes.rows(of: entry, limit: data.rowLimit), !rows.isEmpty {
      transform.deletedRows = rows
      inFile.append(WantedColumn(.rowNumber, type: ColumnType("bigint")))
    }
    var places: [Int: Int] = [:]
    for set in try await deletes.keys(of: entry) {
      for field in set.fields where places[field.id ?? -1] == nil {
        places[field.id ?? -1] = inFile.count
        inFile.append(WantedColumn(try projection.origin(of: field).origin, type: field.type.columnType))
      }
      transform.deletedKeys.append(.init(places: set.fields.compactMap { places[$0.id ?? -1] }, keys: set.keys))
    }
  }
}

/// Finds the table's columns in a file.
///
/// Format: the Iceberg table specification, "Column Projection".
struct IcebergProjection {
  let data: IcebergDataFile
  let entry: IcebergEntry
  let metadata: IcebergMetadata
  /// Of the file's columns, as they stand.
  private let ids: [Int?]

  init(_ data: IcebergDataFile, _ entry: IcebergEntry, _ metadata: IcebergMetadata) {
    (self.data, self.entry, self.metadata) = (data, entry, metadata)
    let columns = data.columns
    let hasIDs = columns.contains { $0.id != nil }
    ids = hasIDs ? columns.map(\.id) : columns.map { metadata.nameMapping?[$0.name] }
  }

  func origin(_ wanted: WantedColumn.Origin) throws(FormatError) -> (origin: WantedColumn.Origin, names: JSONNames) {
    guard case .field(let name) = wanted else { return (wanted, .same) }
    guard let field = metadata.fields.first(where: { $0.name == name }) else { return (.constant(nil), .same) }
    return try origin(of: field)
  }

  func origin(of field: TableField) throws(FormatError) -> (origin: WantedColumn.Origin, names: JSONNames) {
    let columns = data.columns
    guard columns.isEmpty || ids.contains(where: { $0 != nil }) else {
      throw FormatError(
        .unsupported, "its columns have no numbers, and the table has no mapping of names to find them by",
        hint: "Set the table's property schema.name-mapping.default.")
    }
    if let place = ids.firstIndex(of: field.id) {
      return (.field(columns[place].name), field.type.isSingle ? .same : data.names(of: place, field.type))
    }
    let specification = metadata.partitions[entry.spec] ?? []
    if let partition = specification.first(where: { $0.source == field.id && $0.transform == "identity" }),
      let value = entry.partition[partition.id]
    {
      return (.constant(value), .same)
    }
    if field.hasUnreadDefault {
      throw FormatError(.unsupported, "the column \"\(field.name)\" has a nested default value, which is not read")
    }
    return (.constant(field.initialDefault), .same)
  }
}
