import Formats
import ObjectStores

/// Files in the order in which they are read, and what has to be remembered of them.
protocol FileSeries: Sendable {
  var count: Int { get }
  /// The file's name for people.
  func name(_ place: Int) -> String
  func rows(_ place: Int) async throws -> any FileRows
  /// For a row that does not fit. Throws when a column of another type would take it, and the next try has that type.
  func widen(_ place: Int, _ row: RejectedRow) async throws
  /// A file is read to its end.
  mutating func finish(_ place: Int)
  /// What is read by now, for the cursor.
  var checkpoint: String { get }
  /// Whether the checkpoint has to be stored even where there is no file to read.
  var hasMoved: Bool { get }
}

/// Loose files of a bucket.
struct BucketSeries: FileSeries {
  let connector: BucketConnector
  let plan: FilePlan
  let columns: FileColumns
  let files: [ObjectEntry]
  var marks: FileMarks

  var count: Int { files.count }
  var hasMoved: Bool { false }
  var checkpoint: String { marks.text }

  private func file(_ place: Int) -> BucketFile { BucketFile(store: connector.place.store, entry: files[place]) }

  func name(_ place: Int) -> String { file(place).name }

  func rows(_ place: Int) async throws -> any FileRows { try await plan.rows(file(place), columns.wanted(files[place].key, file(place).name)) }

  func widen(_ place: Int, _ row: RejectedRow) async throws { try await connector.widen(file(place), row, plan, columns) }

  mutating func finish(_ place: Int) { marks.add(files[place]) }
}
