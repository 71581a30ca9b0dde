import Catalogue
import ConnectorKit
import JSON
import Postgres
import Replication
import Terminal

/// One `hedgerow serve`: a scheduler with what it needs beside it, from start to a signal.
struct ServiceProcess: Sendable {
  let workplace: Workplace
  let limits: Scheduler.Limits
  private let wakeUp = WakeUp()
  private let state = SchedulerState()

  init(workplace: Workplace, limits: Scheduler.Limits) {
    self.workplace = workplace
    self.limits = limits
  }

  /// How often old history is looked for.
  private static let trimPause = Duration.seconds(600)

  func run() async {
    let log = Log(workplace.settings)
    let leases = Leases(workplace.connection, worker: Worker.name) { try await workplace.open(named: "hedgerow serve") }
    let stopper = Stopper(patience: 2) {
      _ = state.stop()
      wakeUp.signal()
    }
    defer { stopper.end() }
    log.write(.info, "serving", [("worker", .string(Worker.name)), ("workers", .integer(Int64(limits.workers))), ("catalogue", .integer(Int64(Migrator.latest)))])
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await WorkListener(wakeUp: wakeUp) { try await workplace.open(named: "hedgerow listen") }.run() }
      group.addTask { await trim(leases, log) }
      await scheduler(leases, log).run()
      group.cancelAll()
    }
    log.write(.info, "stopped")
  }

  private func scheduler(_ leases: Leases, _ log: Log) -> Scheduler {
    let connectors = OpenConnectors { try await connector($0, leases) }
    // A sync may hold one more for a moment, while its last one is given back.
    let pool = ConnectionPool(limit: limits.workers * 2) { try await workplace.open(named: "hedgerow sync") }
    return Scheduler(
      leases: leases, connectors: connectors, warehousePool: pool, openWarehouse: { try await workplace.open(named: $0) },
      limits: limits, wakeUp: wakeUp, state: state, report: { tell($0, log) })
  }

  /// What keeps a connector from being made is a failure of the sync that needs it.
  private func connector(_ source: Catalogue.Source, _ leases: Leases) async throws -> any Connector {
    let extensions = try await Catalogue(leases.connection()).extensionTypes()
    do {
      return try workplace.connector(source, WarehouseTypes(serverVersion: workplace.connection.serverVersion, extensionTypes: extensions))
    } catch {
      let complaint = Complaint(error)
      throw Failure(complaint.exitCode == Complaint.tryAgain ? .transient : .permanent, complaint.message, hint: complaint.hint)
    }
  }

  private func trim(_ leases: Leases, _ log: Log) async {
    while !Task.isCancelled {
      do { try await Catalogue(leases.connection()).trimHistory() } catch {
        log.write(.warning, "old history was not deleted: \(Complaint(error).message)")
      }
      try? await Task.sleep(for: Self.trimPause)
    }
  }

  private func tell(_ event: SchedulerEvent, _ log: Log) {
    switch event {
    case .sync(let event): log.writeLine(event)
    case .catalogueUnreachable(let failure, let tries):
      // The first time, and then ever more rarely.
      if tries & (tries - 1) == 0 { log.write(.error, "\(failure.message). It is asked again.", [("tries", .integer(Int64(tries)))]) }
    case .draining(let running, let grace):
      log.write(.info, "stopping", [("running", .integer(Int64(running))), ("grace", .string(Readable.duration(grace)))])
    case .cancelling(let running): log.write(.notice, "cancelling what still runs", [("running", .integer(Int64(running)))])
    }
  }
}
