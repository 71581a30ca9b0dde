import ArgumentParser
import Catalogue
import ConnectorKit
import JSON
import Postgres
import Replication
import Terminal

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare source and warehouse row by row, and name what differs.",
    discussion: """
      Example:
        hedgerow verify shop.orders

      Counts the rows and hashes each one, on both sides. In append mode the newest
      version of each row is not known, so only rows that the source has and the
      warehouse lacks are a difference. Exit code 1 if anything differs.
      """)

  @Argument(help: "Sources, or schemas as SOURCE.SCHEMA.") var names: [String] = []
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let differs = try await Workplace.with(common) { workplace in
      let types = try await workplace.warehouseTypes()
      let pool = ConnectionPool(limit: 2) { try await workplace.open(named: "hedgerow verify") }
      var results: [Verification.Result] = []
      for plan in try await SyncPlan.make(names, workplace) {
        let connector = try workplace.connector(plan.source, types)
        for schema in plan.schemas {
          let connection = try await pool.acquire()
          results.append(try await Verification(connector: connector, warehouse: connection).run(schema.id))
          await pool.release(connection)
        }
        await connector.close()
      }
      show(results)
      return results.contains { $0.differs }
    }
    if differs { throw ExitCode(Complaint.failed) }
  }

  private func show(_ results: [Verification.Result]) {
    let out = TerminalStream.standardOutput
    if json {
      return out.writeLine(
        JSONValue.array(
          results.map { result in
            .object([
              (key: "schema", value: .string(result.label)), (key: "equal", value: .bool(!result.differs)),
              (key: "source_rows", value: .integer(result.sourceRows)), (key: "warehouse_rows", value: .integer(result.warehouseRows)),
              (key: "missing", value: .integer(result.missing)), (key: "extra", value: .integer(result.extra)), (key: "note", value: .string(result.note)),
            ])
          }).text(.pretty))
    }
    var table = TextTable([.init("schema"), .init("source", .right), .init("warehouse", .right), .init("missing", .right), .init("extra", .right), .init("result", isFlexible: true)])
    for result in results {
      table.add(
        .init(result.label), .init(Readable.count(result.sourceRows)), .init(Readable.count(result.warehouseRows)), .init(Readable.count(result.missing)),
        .init(Readable.count(result.extra)), .init(result.note, result.differs ? .red : .green))
    }
    out.write(table.render(for: out))
  }
}
