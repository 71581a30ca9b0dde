import JSON
import Rows

/// A column of a table, or a field within one, as the table's own schema describes it.
struct TableField: Sendable, Hashable {
  var name: String
  /// The number that stays with the column when its name changes; nil in tables without such numbers.
  var id: Int?
  /// The name in the data files; nil where it is `name`.
  var physicalName: String?
  var type: TableType
  var isRequired: Bool
  /// What rows have that were written before the column was added, as PostgreSQL's text; nil is NULL.
  var initialDefault: String?
  /// Whether `initialDefault` could not be read.
  var hasUnreadDefault = false

  var nameInFiles: String { physicalName ?? name }
}

/// The type of a column of a table.
indirect enum TableType: Sendable, Hashable {
  case single(ColumnType, fileType: String, note: String?)
  case structure([TableField])
  /// `id` is the element's.
  case list(TableType, id: Int?)
  case map(key: TableType, value: TableType, keyID: Int?, valueID: Int?)

  var columnType: ColumnType { if case .single(let type, _, _) = self { type } else { .jsonb } }

  var fileType: String {
    switch self {
    case .single(_, let name, _): name
    case .structure: "struct"
    case .list(let element, _): "list of \(element.fileType)"
    case .map(let key, let value, _, _): "map of \(key.fileType) to \(value.fileType)"
    }
  }

  var note: String? { if case .single(_, _, let note) = self { note } else { nil } }

  var isSingle: Bool { if case .single = self { true } else { false } }

  /// The names that a nested value's members have, where the files have others for them.
  var namesInFiles: JSONNames {
    switch self {
    case .single: .same
    case .structure(let fields):
      .members(
        Dictionary(
          fields.map { ($0.nameInFiles, JSONNames.Member(name: $0.name, names: $0.type.namesInFiles)) },
          uniquingKeysWith: { first, _ in first }))
    case .list(let element, _): .elements(element.namesInFiles)
    case .map(_, let value, _, _): .values(value.namesInFiles)
    }
  }
}

extension TableField {
  var column: FileColumn {
    FileColumn(name: name, type: type.columnType, fileType: type.fileType, isRequired: isRequired, note: type.note)
  }
}
