import Formats
import Rows

/// A Delta Lake or Iceberg table at one version.
enum LakeTable: Sendable {
  case delta(DeltaTable)
  case iceberg(IcebergTable)

  /// One of its files.
  enum File: Sendable {
    case delta(DeltaFile)
    case iceberg(IcebergFile)

    var path: String {
      switch self {
      case .delta(let file): file.path
      case .iceberg(let file): file.path
      }
    }
  }

  /// What became of it since another version.
  enum Change: Sendable {
    case none
    case appended([File])
    /// Why it has to be loaded anew.
    case rewritten(String)
  }

  /// - Parameter address: where the root was linked: `s3://lake/wh/orders`.
  static func open(_ format: FileFormat, _ files: LakeFiles, address: String) async throws -> LakeTable {
    if format == .delta { return .delta(try await DeltaTable.open(files, location: address)) }
    return .iceberg(try await IcebergTable.open(files, location: address))
  }

  /// Delta's number of the version, Iceberg's of the snapshot; `none` for an Iceberg table that was never written to.
  var version: String {
    switch self {
    case .delta(let table): "\(table.version)"
    case .iceberg(let table): table.snapshot.map { "\($0)" } ?? "none"
    }
  }

  /// For people.
  var title: String {
    switch self {
    case .delta(let table): "a Delta table, version \(table.version)"
    case .iceberg(let table): table.snapshot.map { "an Iceberg table, snapshot \($0)" } ?? "an Iceberg table without a snapshot"
    }
  }

  var columns: [FileColumn] {
    switch self {
    case .delta(let table): table.columns
    case .iceberg(let table): table.columns
    }
  }

  var files: [File] {
    switch self {
    case .delta(let table): table.files.map { .delta($0) }
    case .iceberg(let table): table.files.map { .iceberg($0) }
    }
  }

  var bytes: Int64 {
    files.reduce(0) { sum, file in
      switch file {
      case .delta(let file): sum + file.size
      case .iceberg(let file): sum + file.size
      }
    }
  }

  func rows(of file: File, _ wanted: [WantedColumn]) async throws -> any FileRows {
    switch (self, file) {
    case (.delta(let table), .delta(let file)): try await table.rows(of: file, wanted)
    case (.iceberg(let table), .iceberg(let file)): try await table.rows(of: file, wanted)
    default: throw FormatError(.corrupt, "the file \(file.path) is of another table")
    }
  }

  func changes(since old: String) async throws -> Change {
    switch self {
    case .delta(let table):
      guard let old = Int64(old) else { return .rewritten("it was no Delta table before") }
      switch try await table.changes(since: old) {
      case .none: return .none
      case .appended(let files): return .appended(files.map { .delta($0) })
      case .rewritten(let reason): return .rewritten(reason)
      }
    case .iceberg(let table):
      switch try await table.changes(since: Int64(old)) {
      case .none: return .none
      case .appended(let files): return .appended(files.map { .iceberg($0) })
      case .rewritten(let reason): return .rewritten(reason)
      }
    }
  }
}
