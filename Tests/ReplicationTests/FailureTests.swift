import Catalogue
import ConnectorKit
import Postgres
import Testing
import Warehouse

@testable import Replication

@Suite struct FailureTests {
  @Test(arguments: [
    (.unreachable, .transient), (.busy, .transient), (.unauthorized, .permanent), (.forbidden, .permanent), (.missing, .permanent),
    (.replaced, .permanent), (.unusable, .permanent), (.malformed, .permanent),
  ] as [(ConnectorError.Kind, Failure.Verdict)])
  func `an error of the source is tried again only where it is known to pass`(kind: ConnectorError.Kind, verdict: Failure.Verdict) {
    let failure = Failure.judge(ConnectorError(kind, "what happened", hint: "what to do"), of: "shop.orders")
    #expect(failure == Failure(verdict, "what happened", hint: "what to do"))
  }

  @Test(arguments: ["40001", "40P01", "53300", "57P01", "08006", "55P03"])
  func `an error of the warehouse that passes is tried again, and says so`(state: String) {
    let failure = Failure.judge(PostgresError(.refused, "boom", sqlState: state), of: "shop.orders")
    #expect(failure.verdict == .transient)
    #expect(failure.message.hasPrefix("the warehouse: boom"))
    #expect(failure.hint == "It will be tried again.")
  }

  @Test func `a statement that somebody else ended is tried again, and says what can be the reason`() {
    let error = PostgresError(.refused, "canceling statement due to user request", sqlState: "57014")
    let failure = Failure.judge(error, of: "shop.orders")
    #expect(failure.verdict == .transient)
    #expect(failure.message.hasPrefix("the warehouse ended our statement: canceling statement due to user request"))
    #expect(failure.hint?.hasPrefix("It will be tried again.") == true)
    #expect(failure.hint?.contains("statement_timeout") == true)
  }

  @Test(arguments: [
    ("53100", "Free disk space"), ("42501", "doctor"), ("23505", "key="), ("23502", "key="), ("54000", "columns="), ("22021", "max_rejects"),
  ])
  func `one that stays names what to do`(state: String, hint: String) {
    let failure = Failure.judge(PostgresError(.refused, "boom", sqlState: state, context: "COPY t, line 3"), of: "shop.orders")
    #expect(failure.verdict == .permanent)
    #expect(failure.hint?.contains(hint) == true)
  }

  @Test(arguments: ["23505", "23502", "22021"])
  func `a hint names the schema in its command`(state: String) {
    let failure = Failure.judge(PostgresError(.refused, "boom", sqlState: state, context: "COPY t, line 3"), of: "shop.orders")
    #expect(failure.hint?.contains("hedgerow set shop.orders ") == true, "\(failure.hint ?? "")")
  }

  @Test(arguments: ["tuple concurrently updated", "tuple concurrently deleted"])
  func `two sessions at PostgreSQL's own catalogs pass, and other internal errors do not`(message: String) {
    #expect(Failure.judge(PostgresError(.refused, message, sqlState: "XX000"), of: "shop.orders").verdict == .transient)
    #expect(Failure.judge(PostgresError(.refused, "cache lookup failed", sqlState: "XX000"), of: "shop.orders").verdict == .permanent)
  }

  @Test(arguments: ["2BP01", "0A000", "XX000", "42P01", "99999"])
  func `one that nobody knows stops`(state: String) {
    #expect(Failure.judge(PostgresError(.refused, "boom", sqlState: state, hint: "h"), of: "shop.orders").verdict == .permanent)
  }

  @Test func `a lost lease, a stop and a broken session are told apart`() {
    #expect(Failure.judge(PostgresError(.refused, "taken", sqlState: "HR001"), of: "shop.orders").verdict == .superseded)
    #expect(Failure.judge(PostgresError(.cancelled, "x", sqlState: "57014"), of: "shop.orders").verdict == .cancelled)
    #expect(Failure.judge(CancellationError(), of: "shop.orders").verdict == .cancelled)
    #expect(Failure.judge(PostgresError(.connectionLost, "x"), of: "shop.orders").verdict == .transient)
    #expect(Failure.judge(PostgresError(.cannotConnect, "x"), of: "shop.orders").verdict == .transient)
  }

  @Test func `the errors of our own modules keep their words, and anything else is a bug`() {
    struct Odd: Error {}
    #expect(Failure.judge(WarehouseError("w", hint: "h"), of: "shop.orders") == Failure(.permanent, "w", hint: "h"))
    #expect(Failure.judge(CatalogueError("c", hint: "h"), of: "shop.orders") == Failure(.permanent, "c", hint: "h"))
    #expect(Failure.judge(Failure(.transient, "f"), of: "shop.orders") == Failure(.transient, "f"))
    #expect(Failure.judge(Odd(), of: "shop.orders").verdict == .bug)
  }

  @Test func `a context that a value came from is told, and the detail's row stays out of the hint`() {
    let failure = Failure.judge(PostgresError(.refused, "bad byte", sqlState: "22021", context: "COPY t, line 7, column v"), of: "shop.orders")
    #expect(failure.message.contains("COPY t, line 7, column v"))
  }
}
