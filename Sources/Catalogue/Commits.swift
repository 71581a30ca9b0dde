import FoundationEssentials
public import Rows
public import SQLText

/// How many rows one batch read and wrote.
public struct RowCounts: Sendable, Codable, Equatable {
  /// Rows that were new or changed.
  public var read = 0
  public var written = 0
  public var updated = 0
  public var deleted = 0
  public var rejected = 0
  /// Rows read again and found as the warehouse holds them.
  public var rechecked = 0
  public var bytes = 0
  /// How many rows the table holds now, where the batch replaced them all.
  public var held: Int?

  public init() {}
}

/// What a sync records in the transactions that land its rows.
public enum Commits {
  /// Stops a worker that lost its lease, and keeps the schema from others until the transaction ends.
  public static func hold(_ claim: Claim) -> SQL {
    "SELECT hedgerow.hold(\(claim.schemaID), \(claim.token))"
  }

  public static func batch(
    _ claim: Claim, _ counts: RowCounts, cursor: CursorState?, identity: String?, replaces: Bool
  ) throws -> SQL {
    let counts = try json(counts)
    let cursor = try cursor.map { try json($0) }
    return """
      SELECT hedgerow.commit_batch(\(claim.syncID), \(claim.schemaID), \(claim.token), \(counts)::jsonb, \(cursor)::jsonb, \
      \(identity), \(replaces))
      """
  }

  /// - Parameters:
  ///   - columns: the source's columns as JSON, as of this sync.
  ///   - bytes: what the table takes on disk.
  public static func complete(
    _ claim: Claim, timings: [String: Double], notes: [String], bytes: Int64?, columns: String?, remote: [String: String]?,
    deletesChecked: Bool
  ) throws -> SQL {
    let timings = try json(timings)
    let remote = try remote.map { try json($0) }
    let renames = try json(claim.renames)
    return """
      SELECT hedgerow.follow_renames(\(claim.schemaID), \(renames)::jsonb), \
      hedgerow.complete_sync(\(claim.syncID), \(claim.schemaID), \(claim.token), \(timings)::jsonb, \
      \(ArrayText.format(notes))::text[], \(bytes), \(columns)::jsonb, \(remote)::jsonb, \(deletesChecked))
      """
  }

  /// Gives `name`.
  public static let newGenerationName: SQL = "SELECT hedgerow.new_generation_name() AS name"

  /// Registers a generation that is loaded in several transactions.
  public static func begin(_ claim: Claim, _ generation: String, shape: String) -> SQL {
    "SELECT hedgerow.begin_generation(\(claim.schemaID), \(generation), \(shape))"
  }

  public static func makeCurrent(_ claim: Claim, _ generation: String) -> SQL {
    "SELECT hedgerow.make_current(\(claim.schemaID), \(generation))"
  }

  /// Drops what a load left that was broken off, unless its shape is this one and it can go on.
  public static func dropLeftovers(_ claim: Claim, keepingShape shape: String) -> SQL {
    "SELECT hedgerow.drop_leftovers(\(claim.schemaID), \(shape))"
  }

  /// Gives `name` and `progress` of the load that can go on.
  public static func loadingGeneration(_ claim: Claim, shape: String) -> SQL {
    """
    SELECT table_name AS name, progress::text AS progress FROM hedgerow.generation
    WHERE schema_id = \(claim.schemaID) AND state = 'loading' AND shape = \(shape) AND progress IS NOT NULL
    """
  }

  public static func progress(_ claim: Claim, _ progress: String) -> SQL {
    "SELECT hedgerow.put_load_progress(\(claim.schemaID), \(progress)::jsonb)"
  }

  public static func progress(_ claim: Claim, range: Int, _ json: String) -> SQL {
    "SELECT hedgerow.put_range_progress(\(claim.schemaID), \(range)::integer, \(json)::jsonb)"
  }

  /// Keeps what is known of a row that the warehouse could not take.
  public static func reject(_ claim: Claim, _ place: String, _ reason: String, _ sqlState: String) -> SQL {
    """
    INSERT INTO hedgerow.rejects (schema_id, sync_id, row_key, reason, sqlstate)
    VALUES (\(claim.schemaID), \(claim.syncID), \(place), \(reason), \(sqlState))
    """
  }

  /// Stores the source's columns, as of now, and the new names of those that the settings name.
  public static func columns(_ claim: Claim, _ columns: String) throws -> SQL {
    let renames = try json(claim.renames)
    return "SELECT hedgerow.put_columns(\(claim.schemaID), \(columns)::jsonb, \(renames)::jsonb)"
  }

  public static func json<Value: Encodable>(_ value: Value) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
