import ConnectorKit
import Formats
import ObjectStores
import Rows

/// The columns of a bucket's table, and where a file has their values.
struct FileColumns: Sendable {
  /// Names of Hedgerow's own columns that tell where a row is from.
  static let file = "_hedgerow_file"
  static let row = "_hedgerow_row"

  var columns: [SourceColumn]
  /// The file's name for a column that has another one in the table.
  var fields: [String: String]
  /// Columns whose values are in the path.
  var partitions: Set<String>

  /// In the order of `columns`.
  ///
  /// - Parameter name: what the rows say of where they are from.
  func wanted(_ key: String, _ name: String) -> [WantedColumn] {
    let path = Dictionary(HivePartitions.values(in: key).map { ($0.name, $0.value) }) { $1 }
    return columns.map { column in
      let type = ColumnType(column.type)
      switch column.name {
      case Self.file: return WantedColumn(.constant(name), type: type)
      case Self.row: return WantedColumn(.rowNumber, type: type)
      case let name where partitions.contains(name): return WantedColumn(.constant(path[name] ?? nil), type: type)
      case let name: return WantedColumn(.field(fields[name] ?? name), type: type)
      }
    }
  }

  /// What was known, widened by what was seen.
  ///
  /// - Parameters:
  ///   - known: the columns of the table, by which types only grow; empty at first.
  ///   - seen: those of the files that are to be read.
  ///   - chosen: types that the user gave; they stay.
  static func merged(
    known: [SourceColumn], seen: [FilePlan.Seen], partitions: [(name: String, type: ColumnType)], chosen: [String: String],
    hasProvenance: Bool
  ) -> FileColumns {
    var merging = Merging(columns: known, chosen: chosen)
    for seen in seen { merging.add(seen.column, field: seen.field) }
    for partition in partitions { merging.add(FileColumn(name: partition.name, type: partition.type, fileType: "path"), field: nil) }
    if hasProvenance {
      merging.add(FileColumn(name: file, type: .text, fileType: "file"), field: nil)
      merging.add(FileColumn(name: row, type: ColumnType("bigint"), fileType: "row"), field: nil)
    }
    return FileColumns(columns: merging.columns, fields: merging.fields, partitions: Set(partitions.map(\.name)))
  }

  private struct Merging {
    var columns: [SourceColumn]
    let chosen: [String: String]
    var fields: [String: String] = [:]

    mutating func add(_ column: FileColumn, field: String?) {
      if let field, field != column.name { fields[column.name] = field }
      let type = chosen[column.name].map { ColumnType($0) } ?? column.type
      if let index = columns.firstIndex(where: { $0.name == column.name }) {
        if chosen[column.name] == nil { columns[index].type = TypeUnion.of(ColumnType(columns[index].type), type).name }
        return
      }
      var source = SourceColumn(
        name: column.name, number: (columns.map(\.number).max() ?? 0) + 1, type: type.name, sourceType: column.fileType,
        required: column.isRequired)
      source.note = chosen[column.name] == nil ? column.note : nil
      columns.append(source)
    }
  }
}
