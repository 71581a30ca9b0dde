import ArgumentParser
import Catalogue
import HogQL
import Service
import Terminal

struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Answer a question in HogQL over the synced tables.",
    discussion: """
      Examples:
        hedgerow query "select status, count() from stripe_charge group by status"
        hedgerow query --set s=paid --format csv \\
          "select * from stripe.charge where status = {s}" > paid.csv

      A query can only read, and nothing but the synced tables and what was
      granted to hedgerow_reader. (With HEDGEROW_HOGQL_CONFIG it runs as the
      connecting user, over what that user may read in the namespace.)
      Without LIMIT it gives 100 rows, and never more than 50000; --limit says
      otherwise. Ctrl-C cancels it at the server.
      What a slow reader of the answer, such as a pager, has not taken yet waits
      in memory, and beyond 8 MiB in a file in TMPDIR: no query stays open for it.

      With --batch each line of standard input asks, like
        {"id": 1, "hogql": "select {n} as a", "values": {"n": 2}}
      and is answered by a line, like
        {"id": 1, "columns": ["a"], "rows": [[2]]}
        {"id": 1, "error": {"message": "There is no column b.", "position": 7}}
      """)

  @Option(help: "How the answer is written. [table]") var format: QueryFormat?
  @Flag(help: "Answer many queries, one a line of standard input.") var batch = false
  @OptionGroup var query: QueryOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard batch else { return }
    if query.hogql != nil || query.file != nil || !query.values.isEmpty {
      throw ValidationError("With --batch the queries and their values come from standard input.")
    }
    if let format, format != .jsonl { throw ValidationError("With --batch the format is jsonl.") }
  }

  func run() async throws {
    let text = batch ? "" : try query.text()
    let values = try query.placeholders()
    try await Workplace.with(common) { workplace in
      try await Migrator(workplace.connection).prepareQueries()
      let runner = try await workplace.queryRunner(query)
      let work = Task { try await answer(text, values, runner, workplace) }
      let stopper = Stopper { work.cancel() }
      defer { stopper.end() }
      do { try await work.value } catch let failure as QueryFailure {
        failure.write(text)
        throw ExitCode(failure.exitCode)
      } catch is CancellationError {
        throw Complaint("the answer was cut short", exitCode: Complaint.failed)
      } catch let error as WriteError {
        guard error.isReaderGone else { throw Complaint(error) }
      }
    }
  }

  private func answer(_ text: String, _ values: [String: PlaceholderValue], _ runner: QueryRunner, _ workplace: Workplace) async throws {
    if batch {
      var queries = QueryBatch(runner) { try await workplace.open(named: "hedgerow") }
      return try await queries.run()
    }
    let compiled = try runner.compile(text, values: values)
    let answer = QueryAnswer(to: .standardOutput)
    let writer = (format ?? .table).writer(QueryColumns(compiled), answer.stream)
    do {
      writer.begin()
      try await runner.run(compiled) {
        writer.write($0)
        try answer.check()
      }
      writer.end()
    } catch {
      // What came before the error is above it.
      try? await answer.end()
      throw error
    }
    try await answer.end()
  }
}

struct Translate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the SQL that a query in HogQL becomes.",
    discussion: """
      Example:
        hedgerow translate --explain "select uniq(customer) from stripe_charge"

      With --explain the plan that Postgres makes of it follows. Nothing is run,
      and nothing in the warehouse changes.
      """)

  @Flag(help: "Show Postgres' plan too.") var explain = false
  @Flag(help: "Say on standard error how long it takes to translate: the median of 201 times.") var time = false
  @OptionGroup var query: QueryOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let text = try query.text()
    let values = try query.placeholders()
    try await Workplace.with(common) { workplace in
      let runner = try await workplace.queryRunner(query)
      do {
        let compiled = try runner.compile(text, values: values)
        let out = TerminalStream.standardOutput
        out.writeLine(compiled.sql + ";")
        if time { TerminalStream.standardError.writeLine("\(try Self.microseconds { _ = try runner.compile(text, values: values) }) µs") }
        guard explain else { return }
        try await Migrator(workplace.connection).prepareQueries()
        out.writeLine("")
        for line in try await runner.explain(compiled) { out.writeLine(line.visible) }
      } catch let failure as QueryFailure {
        failure.write(text)
        throw ExitCode(failure.exitCode)
      }
    }
  }
}

extension Translate {
  /// From the text to the SQL, in this process, once everything is loaded.
  private static func microseconds(_ body: () throws -> Void) rethrows -> Int {
    let clock = ContinuousClock()
    var times: [Duration] = []
    for _ in 0..<201 { times.append(try clock.measure(body)) }
    let median = times.sorted()[times.count / 2].components
    return Int(median.seconds * 1_000_000 + median.attoseconds / 1_000_000_000_000)
  }
}

extension QueryFailure {
  /// Shows the failure with its place in the text on standard error.
  fileprivate func write(_ text: String) {
    let stream = TerminalStream.standardError
    let lines = rendered(in: text).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      stream.writeLine((index == 0 ? stream.style.red("error: ") : "") + String(line).visible)
    }
  }
}
