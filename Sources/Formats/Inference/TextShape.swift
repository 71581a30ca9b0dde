import Rows

/// The columns of text files as samples of them show, in the order in which they were first seen.
///
/// Samples of several files are merged: a column has a type that holds the values of all of them.
public struct TextShape: Sendable, Hashable {
  /// How a file's column is called in it, and what it becomes.
  public struct InferredColumn: Sendable, Hashable {
    /// The name for `WantedColumn.Origin.field`.
    public var field: String
    public var column: FileColumn
    /// Whether a row without a value was seen.
    public var hasNulls: Bool
  }

  /// How many rows the samples hold.
  public internal(set) var rows = 0
  private var order: [String] = []
  private var evidence: [String: ColumnEvidence] = [:]
  /// In how many rows each column was seen, if only with NULL.
  private var sightings: [String: Int] = [:]

  public init() {}

  mutating func see(_ name: String, _ value: ValueClass) {
    if evidence[name] == nil { order.append(name) }
    evidence[name, default: ColumnEvidence()].seen.formUnion(value)
    sightings[name, default: 0] += 1
  }

  /// Lets a column be known of which no row was seen.
  mutating func expect(_ name: String) {
    guard evidence[name] == nil else { return }
    order.append(name)
    evidence[name] = ColumnEvidence()
  }

  /// Adds what another sample shows. Columns that are new come last.
  public mutating func merge(_ other: TextShape) {
    rows += other.rows
    for name in other.order {
      expect(name)
      evidence[name, default: ColumnEvidence()].seen.formUnion(other.evidence[name]?.seen ?? [])
      sightings[name, default: 0] += other.sightings[name] ?? 0
    }
  }

  /// The columns with their types. Names that PostgreSQL would not take are changed, see `ColumnNames`.
  public var columns: [InferredColumn] {
    let names = ColumnNames.unique(order)
    return zip(order, names).map { field, name in
      let found = evidence[field] ?? ColumnEvidence()
      let (type, note) = found.type()
      var notes = note.map { [$0] } ?? []
      if name != field { notes.insert("called \"\(field.prefix(80))\" in the file", at: 0) }
      let column = FileColumn(
        name: name, type: type, fileType: "text", note: notes.isEmpty ? nil : notes.joined(separator: "; "))
      return InferredColumn(
        field: field, column: column, hasNulls: found.seen.contains(.null) || sightings[field, default: 0] < rows)
    }
  }
}
