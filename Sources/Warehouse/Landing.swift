import Rows
public import SQLText

/// Brings staged rows into the current generation. Pure: it writes the statements.
public struct Landing: Sendable {
  public var shape: TableShape
  public var generation: String
  /// Whether the source makes sure that no key occurs twice among the staged rows.
  public var keyIsUnique: Bool
  public var hasSoftDeletes: Bool

  public init(shape: TableShape, generation: String, keyIsUnique: Bool, hasSoftDeletes: Bool) {
    self.shape = shape
    self.generation = generation
    self.keyIsUnique = keyIsUnique
    self.hasSoftDeletes = hasSoftDeletes
  }

  private var table: QualifiedName { TableShape.generation(generation) }
  private var synced: Identifier { Identifier(OwnColumn.syncedAt.name) }
  private var deleted: Identifier { Identifier(OwnColumn.deletedAt.name) }

  /// Inserts or updates by primary key. A row that is as the warehouse holds it, to the byte, is not written.
  ///
  /// Gives `inserted` and `updated`.
  public func merge(cursorField: String?, stampsRows: Bool) -> SQL {
    let names = shape.incoming.map { Identifier($0) }
    let sets = names.map { "\($0) = EXCLUDED.\($0)" as SQL } + (stampsRows ? ["\(synced) = EXCLUDED.\(synced)" as SQL] : [])
      + (hasSoftDeletes ? ["\(deleted) = NULL" as SQL] : [])
    let stamp: SQL = stampsRows ? ", \(synced)" : ""
    let now: SQL = stampsRows ? ", now()" : ""
    let revived: SQL = hasSoftDeletes ? " OR held.\(deleted) IS NOT NULL" : ""
    return """
      WITH landed AS (
        INSERT INTO \(table) AS held (\(names.list)\(stamp))
        SELECT \(distinct(cursorField))\(names.list)\(now) FROM pg_temp.\(TableShape.staging)\(newestFirst(cursorField))
        ON CONFLICT (\(shape.keyList)) DO UPDATE SET \(sets.joined(separator: ", "))
        WHERE \(image("held")) OPERATOR(pg_catalog.*<>) \(image("EXCLUDED"))\(revived)
        RETURNING xmax = 0 AS is_new)
      SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated FROM landed
      """
  }

  /// `*<>` compares what is stored, so it works for types without an order, and tells 1.0 from 1.00.
  private func image(_ row: String) -> SQL {
    let row = Identifier(row == "EXCLUDED" ? "excluded" : row)
    let list = shape.incoming.map { "\(row).\(Identifier($0))" as SQL }.joined(separator: ", ")
    return "ROW(\(list))::record"
  }

  private func distinct(_ cursorField: String?) -> SQL { keyIsUnique ? "" : "DISTINCT ON (\(shape.keyList)) " }

  /// Removes from a generation that has no key yet what a merge would have written over, when the source does not make
  /// sure that keys are unique.
  public func removeDuplicates(cursorField: String?) -> SQL? {
    guard !keyIsUnique else { return nil }
    let cursor: SQL = cursorField.map { "\(Identifier($0)) DESC NULLS LAST, " } ?? ""
    return """
      DELETE FROM \(table) WHERE ctid IN (
        SELECT ctid FROM (SELECT ctid, row_number() OVER (PARTITION BY \(shape.keyList) ORDER BY \(cursor)ctid DESC) AS nth FROM \(table)) held
        WHERE nth > 1)
      """
  }

  /// Of rows with the same key the one with the largest cursor wins; of those, the one that was read last.
  private func newestFirst(_ cursorField: String?) -> SQL {
    guard !keyIsUnique else { return "" }
    let cursor: SQL = cursorField.map { "\(Identifier($0)) DESC NULLS LAST, " } ?? ""
    return " ORDER BY \(shape.keyList), \(cursor)ctid DESC"
  }

  /// Adds the staged rows that the warehouse does not hold: as a multiset, so that of three equal rows the
  /// third is added where two are there. Only the range that was read before needs to be looked at.
  ///
  /// - Parameters:
  ///   - from: where this read began; nil when it read everything.
  ///   - high: the largest value that the warehouse held; rows above it are new.
  /// Gives `inserted`.
  public func append(cursorField: String, type: SQL, from: SQL?, high: String?) -> SQL {
    let cursor = Identifier(cursorField)
    let names = shape.incoming.map { Identifier($0) }
    let range: SQL = from.map { "(held.\(cursor) >= \($0) OR held.\(cursor) IS NULL)" } ?? "true"
    let isNew: SQL = high.map { "\(cursor) > \(Literal($0))::\(type)\(finite(cursor, type))" } ?? "false"
    let staged = names.map { "staged.\($0)" as SQL }.joined(separator: ", ")
    let held = names.map { "held.\($0)" as SQL }.joined(separator: ", ")
    return """
      WITH landed AS (
        INSERT INTO \(table) (\(names.list), \(synced))
        SELECT \(names.list), now() FROM pg_temp.\(TableShape.staging) WHERE \(isNew)
        UNION ALL
        SELECT \(staged), now() FROM (
          SELECT *, ROW(\(names.list))::text AS hedgerow_image, row_number() OVER (PARTITION BY ROW(\(names.list))::text) AS hedgerow_nth
          FROM pg_temp.\(TableShape.staging) WHERE (\(isNew)) IS NOT TRUE) staged
        LEFT JOIN (
          SELECT ROW(\(held))::text AS hedgerow_image, count(*) AS hedgerow_count FROM \(table) held WHERE \(range) GROUP BY 1) held
          USING (hedgerow_image)
        WHERE staged.hedgerow_nth > coalesce(held.hedgerow_count, 0)
        RETURNING 1)
      SELECT count(*) AS inserted FROM landed
      """
  }

  /// Adds the staged rows whose key and cursor the warehouse does not hold: where a source may hand out the same row
  /// again, and what it says of it may have changed meanwhile. Without a key, rows are told apart as a whole.
  ///
  /// Gives `inserted`.
  public func append(cursorField: String, key: [String]) -> SQL {
    guard !key.isEmpty else { return append(cursorField: cursorField, type: "text", from: nil, high: nil) }
    let cursor = Identifier(cursorField)
    let names = shape.incoming.map { Identifier($0) }
    let keys = key.map { Identifier($0) }
    let same = keys.map { "held.\($0) = staged.\($0)" as SQL }.joined(separator: " AND ")
    return """
      WITH landed AS (
        INSERT INTO \(table) (\(names.list), \(synced))
        SELECT DISTINCT ON (\(keys.list), staged.\(cursor)) \(names.list), now() FROM pg_temp.\(TableShape.staging) staged
        WHERE NOT EXISTS (SELECT FROM \(table) held WHERE held.\(cursor) = staged.\(cursor) AND \(same))
          AND NOT (staged.\(cursor) IS NULL AND EXISTS (SELECT FROM \(table) held WHERE held.\(cursor) IS NULL AND \(same)))
        RETURNING 1)
      SELECT count(*) AS inserted FROM landed
      """
  }

  /// What is above every value is read by each sync, and so is never new by its place alone.
  private func finite(_ cursor: Identifier, _ type: SQL) -> SQL {
    switch type {
    case "numeric": " AND \(cursor)::text NOT IN ('NaN', 'Infinity')"
    case "date", "timestamp", "timestamptz": " AND \(cursor) < 'infinity'::\(type)"
    default: ""
    }
  }

  /// Of the staged rows: how many, and the largest cursor. NaN and infinities are no position.
  public static func stagedSummary(cursorField: String, isTime: Bool) -> SQL {
    let cursor = Identifier(cursorField)
    let finite: SQL = isTime ? "isfinite(\(cursor))" : "\(cursor)::text NOT IN ('NaN', 'Infinity', '-Infinity')"
    return "SELECT count(*) AS rows, (max(\(cursor)) FILTER (WHERE \(finite)))::text AS high FROM pg_temp.\(TableShape.staging)"
  }

  /// The same of a generation.
  public static func generationHigh(_ generation: String, cursorField: String, isTime: Bool) -> SQL {
    let cursor = Identifier(cursorField)
    let finite: SQL = isTime ? "isfinite(\(cursor))" : "\(cursor)::text NOT IN ('NaN', 'Infinity', '-Infinity')"
    return "SELECT max(\(cursor))::text AS high FROM \(TableShape.generation(generation)) WHERE \(finite)"
  }
}
