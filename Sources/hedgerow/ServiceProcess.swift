import Catalogue
import ConnectorKit
import JSON
import Postgres
import Replication
import Service
import SQLText
import Terminal

/// One `hedgerow serve`: a scheduler with what it needs beside it, from start to a signal.
struct ServiceProcess: Sendable {
  let workplace: Workplace
  let limits: Scheduler.Limits
  /// Where those who watch it ask; nil for nowhere.
  let listener: Listener?
  private let tally = ServiceTally()
  private let wakeUp = WakeUp()
  private let state = SchedulerState()

  init(workplace: Workplace, limits: Scheduler.Limits, listener: Listener?) {
    self.workplace = workplace
    self.limits = limits
    self.listener = listener
  }

  /// How often old history is looked for.
  private static let trimPause = Duration.seconds(600)

  func run() async {
    let log = Log(workplace.settings)
    let leases = Leases(workplace.connection, worker: Worker.name) { try await workplace.open(named: "hedgerow serve") }
    let monitor = Monitor(pool: ConnectionPool(limit: 2) { try await openToWatch() }, work: { work })
    let stopper = Stopper(patience: 2) {
      _ = state.stop()
      wakeUp.signal()
    }
    defer { stopper.end() }
    log.write(.info, "serving", [("worker", .string(Worker.name)), ("workers", .integer(Int64(limits.workers))), ("catalogue", .integer(Int64(Migrator.latest)))])
    if let listener { log.write(.info, "listening at http://127.0.0.1:\(listener.port)") }
    await withTaskGroup(of: Void.self) { group in
      if let listener { group.addTask { await listener.run { await monitor.answer($0, $1) } } }
      group.addTask { await WorkListener(wakeUp: wakeUp) { try await workplace.open(named: "hedgerow listen") }.run() }
      group.addTask { await trim(leases, log) }
      await scheduler(leases, log).run()
      group.cancelAll()
    }
    log.write(.info, "stopped")
  }

  /// Whoever watches would rather hear nothing than wait.
  private func openToWatch() async throws -> Connection {
    let connection = try await workplace.open(named: "hedgerow monitor")
    try await connection.execute("SELECT set_config('statement_timeout', '8s', false)")
    return connection
  }

  private var work: Monitor.Work {
    let figures = tally.figures
    return Monitor.Work(
      running: state.running, workers: limits.workers, isStopping: state.order != .work,
      secondsSinceTurn: state.sinceTurn / .seconds(1), secondsSinceLook: state.sinceLook.map { $0 / .seconds(1) }, isFailing: state.isFailing,
      ended: [("completed", figures.completed), ("retrying", figures.retrying), ("failed", figures.failed), ("cancelled", figures.cancelled)],
      rowsWritten: figures.rowsWritten, bytesRead: figures.bytesRead, seconds: figures.seconds)
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
    case .sync(let event):
      tally.count(event)
      log.writeLine(event)
    case .catalogueUnreachable(let failure, let tries):
      // The first time, and then ever more rarely.
      if tries & (tries - 1) == 0 { log.write(.error, "\(failure.message). It is asked again.", [("tries", .integer(Int64(tries)))]) }
    case .draining(let running, let grace):
      log.write(.info, "stopping", [("running", .integer(Int64(running))), ("grace", .string(Readable.duration(grace)))])
    case .cancelling(let running): log.write(.notice, "cancelling what still runs", [("running", .integer(Int64(running)))])
    }
  }
}
