import Rows
public import SQLText

/// Deletes what the source no longer has. Pure: it writes the statements.
public struct Deletion: Sendable {
  public var shape: TableShape
  public var generation: String

  public init(shape: TableShape, generation: String) {
    self.shape = shape
    self.generation = generation
  }

  private var table: QualifiedName { TableShape.generation(generation) }

  /// A place for the keys of every row at the source.
  public static func createKeys(_ shape: TableShape, _ order: [String]) -> SQL {
    let list = order.map { name in
      "\(Identifier(name)) \(SQL(verbatim: shape.columns.first { $0.name == name }?.type.name ?? "text"))" as SQL
    }.joined(separator: ", ")
    return "CREATE TEMPORARY TABLE hedgerow_keys (\(list)) ON COMMIT DROP"
  }

  public static func copyKeys(_ order: [String]) -> SQL {
    "COPY pg_temp.hedgerow_keys (\(order.map { Identifier($0) }.list)) FROM STDIN (FORMAT binary)"
  }

  /// Rows that are held and not among `keys`: `gone`, and `held` in all.
  public func count(_ keys: Identifier, isSoft: Bool) -> SQL {
    let alive: SQL = isSoft ? " WHERE held.\(Identifier(OwnColumn.deletedAt.name)) IS NULL" : ""
    return """
      SELECT count(*) AS held, count(*) FILTER (WHERE NOT EXISTS (\(match(keys)))) AS gone FROM \(table) held\(alive)
      """
  }

  public func hard(_ keys: Identifier) -> SQL { "DELETE FROM \(table) held WHERE NOT EXISTS (\(match(keys)))" }

  public func soft(_ keys: Identifier) -> SQL {
    let deleted = Identifier(OwnColumn.deletedAt.name)
    return "UPDATE \(table) held SET \(deleted) = now() WHERE held.\(deleted) IS NULL AND NOT EXISTS (\(match(keys)))"
  }

  /// Deletes the rows whose keys are in `pg_temp.hedgerow_keys`.
  public var hardGone: SQL { "DELETE FROM \(table) held WHERE EXISTS (\(match(Identifier("hedgerow_keys"))))" }

  /// Marks the rows whose keys are in `pg_temp.hedgerow_keys`.
  public var softGone: SQL {
    let deleted = Identifier(OwnColumn.deletedAt.name)
    return "UPDATE \(table) held SET \(deleted) = now() WHERE held.\(deleted) IS NULL AND EXISTS (\(match(Identifier("hedgerow_keys"))))"
  }

  private func match(_ keys: Identifier) -> SQL {
    let conditions = shape.key.map { "k.\(Identifier($0)) = held.\(Identifier($0))" as SQL }.joined(separator: " AND ")
    return "SELECT FROM pg_temp.\(keys) k WHERE \(conditions)"
  }
}
