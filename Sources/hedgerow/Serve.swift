import ArgumentParser
import Catalogue
import ConnectorKit
import Postgres
import Replication
import Service
import Terminal

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The service: sync every enabled schema at its frequency, until stopped.",
    discussion: """
      Example:
        hedgerow serve --workers 4
        psql "$HEDGEROW_DATABASE_URL" -c "SELECT hedgerow.sync_now('shop')"

      Any number of processes, on any number of machines, share the work: a schema is
      one worker's at a time, and one whose process died goes on in another. Errors
      that pass are tried again, after pauses that grow to an hour; others stop the
      schema until a person has looked at it. Logs are lines on standard error
      (HEDGEROW_LOG, HEDGEROW_LOG_FORMAT=json).

      SIGTERM or Ctrl-C: nothing more is begun, and what runs has --grace to end;
      then, or at a second signal, it is cancelled, with all or nothing committed.
      A third signal ends the process at once. Nothing is lost either way.
      """)

  @Option(help: ArgumentHelp("How many schemas to sync at a time, in this process.", valueName: "n")) var workers = 4
  @Option(help: ArgumentHelp("How long syncs may go on after a signal to stop, such as 30s or 5min.", valueName: "time")) var grace = TimeSpan(seconds: 30)
  @Option(help: ArgumentHelp("Take a source for hung that gives no row for so long; its sync is ended and tried again.", valueName: "time"))
  var stall = TimeSpan(seconds: 3600)
  @Option(help: ArgumentHelp("Keep the history of syncs for so many days, in every process. 90 unless it was changed.", valueName: "days"))
  var historyDays: Int?
  @Option(help: ArgumentHelp("Answer /healthz, /readyz and /metrics (for Prometheus) here, such as 127.0.0.1:8080.", valueName: "address")) var listen: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    guard (1...256).contains(workers) else { throw Complaint("--workers \(workers) is not between 1 and 256", hint: "Four is a good number; each needs a connection to the warehouse.") }
    let listener = try listen.map(Self.listener)
    try await Workplace.with(common) { workplace in
      if let historyDays { try await workplace.catalogue.keepHistory(days: historyDays) }
      await ServiceProcess(workplace: workplace, limits: .init(workers: workers, grace: grace.duration, stall: stall.duration), listener: listener).run()
    }
  }

  private static func listener(_ text: String) throws -> Listener {
    do {
      return try Listener(ListenAddress(text))
    } catch let refusal as ListenAddress.Refusal {
      switch refusal {
      case .unreadable: throw Complaint("--listen \(text) is no address", hint: "It takes an address on this machine with a port, as in: --listen 127.0.0.1:8080")
      case .notLoopback(let host):
        throw Complaint(
          "--listen \(text): \(host) can be reached by others, and nobody who asks has to say who they are",
          hint: "Use --listen 127.0.0.1:PORT, and a proxy that asks for credentials where others are to reach it.")
      }
    } catch let failure as Listener.Failure {
      throw Complaint(failure.message, hint: "Is another process there? Choose another port, or 0 for any that is free.", exitCode: Complaint.failed)
    }
  }
}
