import ArgumentParser
import Catalogue
import ConnectorKit
import Postgres
import Replication
import Terminal

struct Sync: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sync now, in this process, until it is done.",
    discussion: """
      Example:
        hedgerow sync shop
        hedgerow sync shop.orders shop.customers

      Without a name everything that is enabled is synced. Ctrl-C stops at the next
      safe point; nothing is lost. Exit code 0 only when all of it completed.
      """)

  @Argument(help: "Sources, or schemas as SOURCE.SCHEMA.") var names: [String] = []
  @Option(help: "How many schemas of a source to sync at a time.") var jobs = 2
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    guard (1...64).contains(jobs) else { throw Complaint("--jobs \(jobs) is not between 1 and 64", hint: "Two is a good number.") }
    let outcome = try await Workplace.with(common) { workplace in
      let plans = try await SyncPlan.make(names, workplace)
      let display = SyncDisplay(settings: workplace.settings, isJSON: json, labels: plans.flatMap { $0.schemas.map(\.label) })
      let work = Task { try await run(plans, workplace, display) }
      let stopper = Stopper { work.cancel() }
      defer { stopper.end() }
      let outcome: Synchronizer.Outcome
      do { outcome = try await work.value } catch {
        display.close()
        throw error
      }
      display.close()
      return outcome
    }
    switch outcome {
    case .completed: return
    case .taken: throw ExitCode(Complaint.tryAgain)
    case .failed: throw ExitCode(Complaint.failed)
    }
  }

  private func run(_ plans: [SyncPlan], _ workplace: Workplace, _ display: SyncDisplay) async throws -> Synchronizer.Outcome {
    let types = try await workplace.warehouseTypes()
    let pool = ConnectionPool(limit: 64) { try await workplace.open(named: "hedgerow sync") }
    let leases = Leases(workplace.connection, worker: Worker.name) { try await workplace.open(named: "hedgerow") }
    var worst = Synchronizer.Outcome.completed
    for plan in plans {
      let connector = try workplace.connector(plan.source, types)
      let synchronizer = Synchronizer(
        connector: connector, leases: leases, warehousePool: pool, openWarehouse: { try await workplace.open(named: $0) },
        trigger: "command", report: { display.show($0) })
      worst = max(worst, await synchronizer.run(plan.schemas, width: min(jobs, plan.source.maxConnections)))
      await connector.close()
    }
    return worst
  }
}

/// The schemas of one source that are to be synced.
struct SyncPlan: Sendable {
  var source: Catalogue.Source
  var schemas: [(id: Int64, label: String)]

  /// - Throws: `Complaint` where a name is unknown, disabled or paused, before anything runs.
  static func make(_ names: [String], _ workplace: Workplace) async throws -> [SyncPlan] {
    let catalogue = workplace.catalogue
    if names.isEmpty {
      var plans: [SyncPlan] = []
      var example: String?
      for source in try await catalogue.sources() where !source.isPaused {
        let listed = try await catalogue.schemas(of: source)
        if example == nil, let first = listed.first { example = "\(source.name).\(first.name)" }
        plans.append(SyncPlan(source: source, schemas: enabled(listed, source)))
      }
      guard plans.contains(where: { !$0.schemas.isEmpty }) else {
        throw Complaint("nothing is enabled", hint: Self.firstStep(example))
      }
      return plans
    }
    var plans: [SyncPlan] = []
    for name in names {
      let target = Target(name)
      let source = try await catalogue.sources(named: target.source)[0]
      guard !source.isPaused else { throw Complaint("source \(source.name) is paused", hint: "Let it go on with: hedgerow resume \(source.name)") }
      let listed = try await catalogue.schemas(of: source, named: target.schema)
      let chosen = enabled(listed, source)
      guard !chosen.isEmpty else {
        throw Complaint(
          target.schema == nil ? "source \(source.name) has no enabled schema" : "\(name) is not enabled",
          hint: "Enable one, as in: hedgerow set \(source.name).\(target.schema ?? listed.first?.name ?? "TABLE") enabled=true")
      }
      if let index = plans.firstIndex(where: { $0.source.id == source.id }) {
        plans[index].schemas += chosen.filter { new in !plans[index].schemas.contains { $0.id == new.id } }
      } else {
        plans.append(SyncPlan(source: source, schemas: chosen))
      }
    }
    return plans
  }

  private static func firstStep(_ example: String?) -> String {
    guard let example else { return "Link a source first: hedgerow help link" }
    return "Enable a schema, as in: hedgerow set \(example) enabled=true"
  }

  private static func enabled(_ listed: [Catalogue.SchemaEntry], _ source: Catalogue.Source) -> [(id: Int64, label: String)] {
    listed.filter(\.isEnabled).map { ($0.id, "\(source.name).\($0.name)") }
  }
}
