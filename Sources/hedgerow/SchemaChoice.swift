import ConnectorKit
import JSON
import Rows
import Terminal

/// Which of the schemas that were found are enabled, and how each is synced.
struct SchemaChoice {
  /// One schema as it is stored.
  struct Entry: Encodable {
    var name: String
    var remote: [String: String]
    var identity: String?
    var columns: [SourceColumn]
    var key: [String]
    var candidates: [CursorCandidate]
    var estimatedRows: Int64?
    var estimatedBytes: Int64?
    var enabled: Bool
    var mode: String
    var cursorField: String?
    var deletes: String?
    var tableName: String?
  }

  var entries: [Entry]
  var notes: [String] = []

  /// - Throws: `Complaint` for a table that is not there, or that the mode does not fit.
  init(_ found: [SourceSchema], tables: String?, all: Bool, mode: String?, label: String) throws {
    let wanted = tables.map { $0.split(separator: ",").map(String.init) } ?? []
    let names = Set(found.map(\.name))
    for table in wanted where !names.contains(table) {
      throw Complaint(
        "the source has no table \(table) that this role may read",
        hint: nearest(table, Array(names)).map { "Did you mean \($0)?" } ?? "It has: \(found.prefix(20).map(\.name).joined(separator: ", "))\(found.count > 20 ? ", ..." : "").")
    }
    entries = []
    let hidden = found.filter { $0.mend != nil }
    if let first = hidden.first(where: { wanted.contains($0.name) }) {
      throw Complaint("this role may not read \(first.name)", hint: first.mend, exitCode: Complaint.failed)
    }
    if let first = hidden.first {
      notes.append("\(hidden.count) more table\(hidden.count == 1 ? "" : "s") cannot be read with these credentials, such as \(first.name). \(first.mend ?? "")")
    }
    for schema in found where schema.mend == nil {
      // Whoever links one table by its name wants that table.
      let isEnabled = all || wanted.contains(schema.name) || schema.tableName != nil && wanted.isEmpty
      let fits = mode.flatMap { SyncMode(rawValue: $0) }.map { Self.fits($0, schema) } ?? true
      if wanted.contains(schema.name), !fits { throw Self.misfit(mode ?? "", schema, label) }
      if isEnabled, !fits { notes.append("\(schema.name): \(mode ?? "") does not fit (\(Self.lack(mode ?? "", schema))), so it is full_refresh.") }
      entries.append(Self.entry(schema, isEnabled, fits ? mode : "full_refresh"))
    }
  }

  private static func fits(_ mode: SyncMode, _ schema: SourceSchema) -> Bool {
    switch mode {
    case .fullRefresh: true
    case .append: schema.keepsPlace || !schema.candidates.isEmpty
    case .merge: (schema.keepsPlace || !schema.candidates.isEmpty) && !schema.key.isEmpty
    }
  }

  private static func lack(_ mode: String, _ schema: SourceSchema) -> String {
    schema.candidates.isEmpty && !schema.keepsPlace ? "no column can be its cursor field" : "it has no primary key"
  }

  private static func misfit(_ mode: String, _ schema: SourceSchema, _ source: String) -> Complaint {
    Complaint(
      "\(schema.name) cannot be synced with mode \(mode): \(lack(mode, schema))",
      hint: schema.candidates.isEmpty ? "Use --mode full_refresh." : "Use --mode append, or link it and name a key: hedgerow set \(source).\(schema.name) mode=merge key=COLUMN cursor=COLUMN")
  }

  /// By default a table is merged only where a column tells every change; else a full refresh is the mode that
  /// is never wrong.
  private static func entry(_ schema: SourceSchema, _ isEnabled: Bool, _ mode: String?) -> Entry {
    let tells = schema.candidates.first { $0.tellsChanges }
    let chosen = mode ?? schema.usualMode?.rawValue ?? (!schema.key.isEmpty && tells != nil ? "merge" : "full_refresh")
    let cursor = schema.keepsPlace ? nil : schema.candidates.first?.name
    return Entry(
      name: schema.name, remote: schema.remote, identity: schema.identity, columns: schema.columns, key: schema.key,
      candidates: schema.candidates, estimatedRows: schema.estimatedRows, estimatedBytes: schema.estimatedBytes,
      enabled: isEnabled, mode: chosen, cursorField: chosen == "full_refresh" ? nil : cursor,
      deletes: chosen == "merge" ? schema.usualDeletes : nil, tableName: schema.tableName)
  }

  // MARK: Showing

  var table: TextTable {
    var table = TextTable([.init("table"), .init("enabled"), .init("mode"), .init("cursor field"), .init("key"), .init("rows", .right), .init("size", .right)])
    for entry in entries.prefix(50) {
      table.add(
        .init(entry.name), .init(entry.enabled ? "yes" : "no"), .init(entry.mode), .init(entry.cursorField ?? "-"),
        .init(entry.key.isEmpty ? "-" : entry.key.joined(separator: ", ")), .init(entry.estimatedRows.map { "~" + Readable.count($0) } ?? "?"),
        .init(entry.estimatedBytes.map { Readable.bytes($0) } ?? "?"))
    }
    return table
  }

  /// The columns of the only table; nil where there are several.
  var columnTable: TextTable? {
    guard entries.count == 1, let entry = entries.first else { return nil }
    var table = TextTable([.init("column"), .init("type"), .init("at the source"), .init("note")])
    for column in entry.columns {
      table.add(.init(column.name), .init(column.type), .init(column.sourceType), .init(column.note ?? ""))
    }
    return table
  }

  var json: JSONValue {
    .array(
      entries.map { entry in
        .object([
          (key: "schema", value: .string(entry.name)), (key: "enabled", value: .bool(entry.enabled)), (key: "mode", value: .string(entry.mode)),
          (key: "cursor_field", value: entry.cursorField.map { .string($0) } ?? .null),
          (key: "key", value: .array(entry.key.map { .string($0) })),
          (key: "estimated_rows", value: entry.estimatedRows.map { .integer($0) } ?? .null),
          (key: "columns", value: .array(entry.columns.map { .object([(key: "name", value: .string($0.name)), (key: "type", value: .string($0.type))]) })),
        ])
      })
  }
}
