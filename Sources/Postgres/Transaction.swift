public import SQLText

/// A transaction whose body cannot wait for anything but the server: no lock is held while somebody else is
/// slow. It commits when the body returns and rolls back when it throws.
public struct Transaction: ~Copyable {
  let session: Session

  public borrowing func query(_ sql: SQL) throws(PostgresError) -> [Row] { try session.query(sql) }

  /// - Returns: how many rows the statement changed.
  @discardableResult
  public borrowing func execute(_ sql: SQL) throws(PostgresError) -> Int { try session.run(sql).affectedRows }

  /// Runs a file of several statements, none of which ends the transaction.
  public borrowing func script(_ text: String) throws(PostgresError) { try session.script(text) }

  /// Runs a part that may fail without taking the transaction with it.
  public borrowing func savepoint<Result>(
    _ body: () throws(PostgresError) -> Result
  ) throws(PostgresError) -> Result {
    try execute("SAVEPOINT part")
    do {
      let result = try body()
      try execute("RELEASE SAVEPOINT part")
      return result
    } catch {
      if !session.isBroken { try execute("ROLLBACK TO SAVEPOINT part") }
      throw error
    }
  }
}
