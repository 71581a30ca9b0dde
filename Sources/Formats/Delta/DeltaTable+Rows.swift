import Rows

extension DeltaTable {
  /// The rows of one of the table's files, without those that are deleted.
  ///
  /// - Parameter wanted: fields by their names in the table of today, whatever the file calls them. A column that is younger
  ///   than the file is NULL.
  /// - Throws: `FormatError` when the file is gone or broken, or when a column cannot be had as the type that is wanted.
  public func rows(of file: DeltaFile, _ wanted: [WantedColumn]) async throws -> any FileRows {
    let ranges = try await reader.files.data(file.path, namedBy: "the Delta log")
    do {
      let parquet = try await ParquetFile.open(ranges)
      var transform = RowTransform(columns: wanted.count)
      var inFile: [WantedColumn] = []
      for (place, column) in wanted.enumerated() {
        let (origin, names) = try origin(column.origin, in: parquet, file)
        inFile.append(WantedColumn(origin, type: column.type))
        if !names.isSame { transform.renames[place] = names }
      }
      if let vector = file.deletionVector {
        transform.deletedRows = try await vector.load(from: reader.files, rows: parquet.rowCount)
        inFile.append(WantedColumn(.rowNumber, type: ColumnType("bigint")))
      }
      let rows = try parquet.rows(inFile)
      return transform.isNeeded ? TransformedRows(rows, transform) : rows
    } catch let error as FormatError {
      throw FormatError(
        error.kind, "\(file.path): \(error.message)", hint: error.hint, row: error.row, offset: error.offset)
    }
  }

  private func origin(_ wanted: WantedColumn.Origin, in parquet: ParquetFile, _ file: DeltaFile) throws(FormatError)
    -> (origin: WantedColumn.Origin, names: JSONNames)
  {
    guard case .field(let name) = wanted else { return (wanted, .same) }
    guard let field = metadata.fields.first(where: { $0.name == name }) else { return (.constant(nil), .same) }
    if partitionColumns.contains(name) { return (.constant(try partitionValue(field, file)), .same) }
    let names = field.type.namesInFiles
    guard metadata.mapping == .id else { return (.field(field.nameInFiles), names) }
    guard parquet.fieldIDs.contains(where: { $0 != nil }) || parquet.columns.isEmpty else {
      throw FormatError(.unsupported, "the table finds its columns by their numbers, and the file has none")
    }
    guard let id = field.id, let place = parquet.fieldIDs.firstIndex(of: Int32(truncatingIfNeeded: id)) else {
      return (.constant(nil), .same)
    }
    return (.field(parquet.columns[place].name), names)
  }

  /// The value that all rows of the file have. Values of `binary` are characters of one byte each.
  private func partitionValue(_ field: TableField, _ file: DeltaFile) throws(FormatError) -> String? {
    guard let value = file.partitionValues[field.nameInFiles] else {
      throw FormatError(.corrupt, "the log gives no value of the partition column \"\(field.name)\" for the file")
    }
    guard let value, field.type.fileType == "binary" else { return value }
    var hex = #"\x"#
    for scalar in value.unicodeScalars {
      guard scalar.value < 256 else {
        throw FormatError(.corrupt, "the partition column \"\(field.name)\" has a value that is no bytes")
      }
      hex += (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    }
    return hex
  }
}
