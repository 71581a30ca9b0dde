import HogQL
import JSON
import Postgres
import Service
import Terminal

/// Answers the queries on standard input, one JSON object a line. What fails is an answer too.
struct QueryBatch: Sendable {
  private var runner: QueryRunner
  private let reopen: @Sendable () async throws -> Connection

  /// - Parameter reopen: gives another session when a query took the first with it.
  init(_ runner: QueryRunner, reopen: @escaping @Sendable () async throws -> Connection) {
    self.runner = runner
    self.reopen = reopen
  }

  /// - Throws: when the server is gone, the work cancelled or an answer could not be written, never for a query.
  mutating func run() async throws {
    let out = TerminalStream.standardOutput
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      if await runner.isBroken { runner.use(try await reopen()) }
      let answer = try await answer(line)
      out.writeLine(JSONValue.object(answer).text())
      if let error = out.error { throw error }
    }
  }

  private typealias Members = [(key: String, value: JSONValue)]

  private func answer(_ line: String) async throws -> Members {
    let request: JSONValue
    do { request = try JSONValue(parsing: line) } catch { return failed(nil, "The line is not JSON: \(error)") }
    let id = request["id"]
    guard let text = request["hogql"]?.stringValue else { return failed(id, "The line has no text \"hogql\".") }
    var values: [String: PlaceholderValue] = [:]
    if let given = request["values"], !given.isNull {
      guard case .object(let members)? = PlaceholderValue(given) else { return failed(id, "\"values\" is not an object.") }
      values = members
    }
    do {
      let compiled = try runner.compile(text, values: values)
      let columns = QueryColumns(compiled)
      let rows = try await runner.rows(of: compiled).map { JSONValue.array(columns.json($0)) }
      return [("id", id ?? .null), ("columns", .array(columns.names.map { .string($0) })), ("rows", .array(rows))]
    } catch let failure as QueryFailure where failure.kind != .cancelled {
      return failed(id, failure.message, at: failure.span, hint: failure.hint)
    }
  }

  private func failed(_ id: JSONValue?, _ message: String, at span: Span? = nil, hint: String? = nil) -> Members {
    var error: Members = [("message", .string(message)), ("position", span.map { .integer(Int64($0.start)) } ?? .null)]
    if let hint { error.append(("hint", .string(hint))) }
    return [("id", id ?? .null), ("error", .object(error))]
  }
}
