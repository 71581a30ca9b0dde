public import Rows

/// One table of a source, as discovery finds it.
public struct SourceSchema: Codable, Sendable {
  public var name: String
  /// How the connector finds it again.
  public var remote: [String: String]
  /// The system in which it was found, as `SourceTable.identity`; nil where the source cannot tell.
  public var identity: String?
  public var columns: [SourceColumn]
  /// Its primary key, or another key that is unique and never NULL; empty where there is none.
  public var key: [String]
  /// Columns that can be its cursor field, best first.
  public var candidates: [CursorCandidate]
  /// As the source estimates them; nil where it does not know.
  public var estimatedRows: Int64?
  public var estimatedBytes: Int64?
  /// What to do before it can be read; nil where it can.
  public var mend: String?
  /// The mode that suits it; nil where its candidates tell.
  public var usualMode: SyncMode?
  /// What `deletes` is set to when it is linked; nil for `ignore`.
  public var usualDeletes: String?

  public init(
    name: String, remote: [String: String], identity: String? = nil, columns: [SourceColumn], key: [String], candidates: [CursorCandidate],
    estimatedRows: Int64?, estimatedBytes: Int64?, mend: String? = nil
  ) {
    self.name = name
    self.remote = remote
    self.identity = identity
    self.columns = columns
    self.key = key
    self.candidates = candidates
    self.estimatedRows = estimatedRows
    self.estimatedBytes = estimatedBytes
    self.mend = mend
  }
}

/// One column at the source, and what it becomes.
public struct SourceColumn: Codable, Sendable, Hashable {
  public var name: String
  /// What lasts when the column is renamed.
  public var number: Int
  /// Its type in the warehouse, as PostgreSQL prints it.
  public var type: String
  /// Its type at the source, for people.
  public var sourceType: String
  public var required: Bool
  /// How its values are read.
  public var reading: Reading
  /// Why its type in the warehouse is another one; nil where it is the same.
  public var note: String?
  /// The value of rows from before the column was added, as text; nil for NULL.
  public var fill: String?
  /// Whether such rows may have values that only a read tells.
  public var isFilledAtSource: Bool?

  public enum Reading: String, Codable, Sendable {
    case asItIs, asText, asTextArray, asJSON, asBase
  }

  public init(
    name: String, number: Int, type: String, sourceType: String, required: Bool, reading: Reading = .asItIs,
    note: String? = nil
  ) {
    self.name = name
    self.number = number
    self.type = type
    self.sourceType = sourceType
    self.required = required
    self.reading = reading
    self.note = note
  }

  public var column: Column { Column(name: name, type: ColumnType(type), isRequired: required) }
}

extension [SourceColumn] {
  /// The new name by the old one, of these columns where they have another name now.
  ///
  /// - Parameter now: names by columns' numbers.
  public func renames(to now: [Int: String]) -> [String: String] {
    reduce(into: [:]) { renames, old in
      if let new = now[old.number], new != old.name { renames[old.name] = new }
    }
  }
}

/// A column that can say which rows are new.
public struct CursorCandidate: Codable, Sendable, Hashable {
  public var name: String
  public var type: String
  public var isIndexed: Bool
  /// What to know before choosing it.
  public var note: String?

  public init(name: String, type: String, isIndexed: Bool, note: String? = nil) {
    self.name = name
    self.type = type
    self.isIndexed = isIndexed
    self.note = note
  }
}

extension CursorCandidate {
  /// Whether the column's name says that it tells when a row was last changed, not only when it was made.
  public var tellsChanges: Bool {
    let name = name.lowercased()
    return ["updated", "modified", "changed", "last_update", "lastupdate", "mtime"].contains(where: name.contains)
  }
}

/// The shape of an open schema.
public struct SourceTable: Sendable {
  public var columns: [SourceColumn]
  /// Every column that may be read, whether the request chose it or not.
  public var allColumns: [SourceColumn]
  /// The key's columns; empty where there is none.
  public var key: [String]
  /// Whether the source makes sure that no key occurs twice.
  public var keyIsUnique: Bool
  /// Whether one read may hand out a row twice, of which the later one counts: pages that shift while they are read, ranges that overlap.
  public var mayRepeat: Bool
  /// How the connector finds it, as of now.
  public var remote: [String: String]
  /// The system the rows are in; a cursor belongs to one. Nil where the source cannot tell.
  public var identity: String?
  public var estimatedRows: Int64?
  public var estimatedBytes: Int64?
  /// The new name by the old one, of columns that the request knew by another name.
  public var renames: [String: String]
  /// Whether its columns have the numbers by which the request knew them. They have not where another table has taken
  /// the place of the one that was asked for, or the system is another one: names are all that is left then.
  public var keepsNumbers: Bool

  public init(
    columns: [SourceColumn], allColumns: [SourceColumn]? = nil, key: [String], keyIsUnique: Bool, remote: [String: String], identity: String?,
    estimatedRows: Int64?, estimatedBytes: Int64?, renames: [String: String] = [:], keepsNumbers: Bool = true, mayRepeat: Bool = false
  ) {
    self.mayRepeat = mayRepeat
    self.renames = renames
    self.keepsNumbers = keepsNumbers
    self.columns = columns
    self.allColumns = allColumns ?? columns
    self.key = key
    self.keyIsUnique = keyIsUnique
    self.remote = remote
    self.identity = identity
    self.estimatedRows = estimatedRows
    self.estimatedBytes = estimatedBytes
  }
}
