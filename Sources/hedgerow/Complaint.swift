import Catalogue
import ConnectorKit
import LocalPostgres
import Postgres
import Replication
import Secrets
import Terminal
import Warehouse

/// An error for a person: what happened, what to do, and the exit code that says whether to try again.
struct Complaint: Error {
  var message: String
  var hint: String?
  var exitCode: Int32

  static let failed: Int32 = 1
  static let wrongUse: Int32 = 2
  static let tryAgain: Int32 = 75

  init(_ message: String, hint: String? = nil, exitCode: Int32 = Complaint.wrongUse) {
    self.message = message
    self.hint = hint
    self.exitCode = exitCode
  }

  init(_ error: any Error) {
    switch error {
    case let complaint as Complaint: self = complaint
    case let error as ConnectorError: self.init(error.message, hint: error.hint, exitCode: Self.code(error.kind))
    case let error as PostgresError: self = Self.warehouse(error)
    case let error as CatalogueError: self.init(error.message, hint: error.hint, exitCode: Self.failed)
    case let error as WarehouseError: self.init(error.message, hint: error.hint, exitCode: Self.failed)
    case let error as SecretError: self.init(error.message, hint: error.hint, exitCode: Self.failed)
    case let error as LocalPostgresError: self.init(error.message, hint: error.hint, exitCode: Self.failed)
    case let error as PromptError: self.init(error.description, exitCode: Self.wrongUse)
    case let error as WriteError:
      self.init(
        "the output could not be written: \(error.message)", hint: "What was written is not complete. Make room, or write to another place.",
        exitCode: Self.failed)
    case let failure as Failure: self.init(failure.message, hint: failure.hint, exitCode: Self.failed)
    default: self.init("an error that nobody foresaw: \(error)", hint: "Please report it.", exitCode: Self.failed)
    }
  }

  private static func code(_ kind: ConnectorError.Kind) -> Int32 {
    switch kind {
    case .unreachable, .busy: tryAgain
    case .unusable, .missing: wrongUse
    case .unauthorized, .forbidden, .replaced, .malformed: failed
    }
  }

  /// Errors that the functions of the catalogue raise are wrong use, and say what to do.
  private static func warehouse(_ error: PostgresError) -> Complaint {
    if ["22023", "42704", "42703", "42710", "42P07", "22007", "22P02", "23514"].contains(error.sqlState) {
      return Complaint(error.message, hint: error.hint, exitCode: wrongUse)
    }
    if error.kind == .cannotConnect {
      return Complaint(
        "the warehouse cannot be reached: \(error.message)",
        hint: "HEDGEROW_DATABASE_URL names it, like postgresql://user@host:5432/database. To try Hedgerow without a server: --embedded ./hedgerow",
        exitCode: error.isTransient ? tryAgain : failed)
    }
    return Complaint("the warehouse: \(error.description)", hint: error.hint, exitCode: error.isTransient ? tryAgain : failed)
  }

  func write(to stream: TerminalStream) {
    stream.writeLine(stream.style.red("error: ") + message.visible)
    if let hint, !hint.isEmpty { stream.writeLine("  " + hint.visible) }
  }
}
