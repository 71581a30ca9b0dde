import Catalogue
import ConnectorKit
import Postgres
import Warehouse

/// What an error means for a sync: the only judge of it. Pure.
public struct Failure: Error, Sendable, Equatable {
  public enum Verdict: Sendable, Equatable {
    /// It is known to pass: try again.
    case transient
    /// It stays until a person does something.
    case permanent
    /// Another worker has taken over; this one has nothing more to say.
    case superseded
    /// A person stopped it.
    case cancelled
    /// It should not happen.
    case bug
  }

  public var verdict: Verdict
  public var message: String
  public var hint: String?

  public init(_ verdict: Verdict, _ message: String, hint: String? = nil) {
    self.verdict = verdict
    self.message = message
    self.hint = hint
  }

  /// - Parameter label: the schema, such as `shop.orders`, for the commands in hints.
  public static func judge(_ error: any Error, of label: String) -> Failure {
    switch error {
    case let failure as Failure: return failure
    case let error as ConnectorError: return judge(error)
    case let error as PostgresError: return judge(error, label)
    case let error as WarehouseError: return Failure(.permanent, error.message, hint: error.hint)
    case let error as CatalogueError: return Failure(.permanent, error.message, hint: error.hint)
    case is CancellationError: return Failure(.cancelled, "stopped before its end")
    default: return Failure(.bug, "an error that nobody foresaw: \(error)", hint: "Please report it.")
    }
  }

  private static func judge(_ error: ConnectorError) -> Failure {
    switch error.kind {
    case .unreachable, .busy: Failure(.transient, error.message, hint: error.hint)
    case .unauthorized, .forbidden, .missing, .replaced, .unusable:
      Failure(.permanent, error.message, hint: error.hint)
    case .malformed: Failure(.permanent, error.message, hint: error.hint ?? "Look at the source's log for the same moment.")
    }
  }

  /// Errors of the warehouse: those of the source come as `ConnectorError`.
  private static func judge(_ error: PostgresError, _ label: String) -> Failure {
    if error.kind == .cancelled { return Failure(.cancelled, "stopped before its end") }
    if error.sqlState == "HR001" { return Failure(.superseded, error.message, hint: error.hint) }
    let message = "the warehouse: \(error.description)"
    switch error.sqlState {
    case "53100": return Failure(.permanent, message, hint: "Free disk space at the warehouse, then sync again. The table is as it was.")
    case "42501": return Failure(.permanent, message, hint: error.hint ?? "hedgerow doctor names the rights that Hedgerow needs, each with the command that grants it.")
    case "23505":
      return Failure(.permanent, "the key is not unique: \(error.detail ?? error.message)", hint: "Name columns that are together unique with: hedgerow set \(label) key=COLUMN,COLUMN")
    case "23502":
      return Failure(.permanent, "a row has no value in its key: \(error.message)", hint: "Name columns that always have one with: hedgerow set \(label) key=COLUMN,COLUMN")
    case "54000": return Failure(.permanent, message, hint: "A row or value is larger than PostgreSQL takes; leave the column out with columns=.")
    case "57014":
      return Failure(
        .transient, "the warehouse ended our statement: \(error.message)",
        hint: "It will be tried again. A statement_timeout or somebody who cancelled it can be the reason.")
    case "2BP01", "55000", "0A000": return Failure(.permanent, message, hint: error.hint)
    default: break
    }
    if error.isTransient || isConcurrentUpdate(error) { return Failure(.transient, message, hint: error.hint ?? "It will be tried again.") }
    if error.sqlState.hasPrefix("22"), let context = error.context {
      return Failure(.permanent, "\(message), at \(context)", hint: "Let such rows be put aside with: hedgerow set \(label) max_rejects=100")
    }
    return Failure(.permanent, message, hint: error.hint)
  }

  /// Two sessions changed the same row of PostgreSQL's own catalogs, such as two GRANTs on one namespace. It has no
  /// code of its own.
  private static func isConcurrentUpdate(_ error: PostgresError) -> Bool {
    error.sqlState == "XX000" && error.message.hasPrefix("tuple concurrently ")
  }
}
