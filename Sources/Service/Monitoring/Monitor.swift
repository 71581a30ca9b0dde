import Catalogue
import JSON
public import Postgres
import SQLText

/// Tells those who watch the service how it is: whether it lives, whether it can work, and its figures.
public struct Monitor: Sendable {
  /// What the scheduler of this process is at.
  public struct Work: Sendable {
    public var running: Int
    public var workers: Int
    /// Whether it was told to stop.
    public var isStopping: Bool
    /// Seconds since its loop last came round.
    public var secondsSinceTurn: Double
    /// Seconds since the catalogue last said what is due; nil before the first time.
    public var secondsSinceLook: Double?
    /// Whether the last question for work failed.
    public var isFailing: Bool
    /// How many syncs of this process have ended, by how.
    public var ended: [(outcome: String, count: Int)]
    public var rowsWritten: Int
    public var bytesRead: Int
    /// Of the syncs that completed.
    public var seconds: Double

    public init(
      running: Int, workers: Int, isStopping: Bool, secondsSinceTurn: Double, secondsSinceLook: Double?, isFailing: Bool,
      ended: [(outcome: String, count: Int)], rowsWritten: Int, bytesRead: Int, seconds: Double
    ) {
      self.running = running
      self.workers = workers
      self.isStopping = isStopping
      self.secondsSinceTurn = secondsSinceTurn
      self.secondsSinceLook = secondsSinceLook
      self.isFailing = isFailing
      self.ended = ended
      self.rowsWritten = rowsWritten
      self.bytesRead = bytesRead
      self.seconds = seconds
    }
  }

  let pool: ConnectionPool
  let work: @Sendable () -> Work
  private let began = ProcessFigures.now

  /// - Parameter pool: sessions with a short statement timeout.
  public init(pool: ConnectionPool, work: @escaping @Sendable () -> Work) {
    self.pool = pool
    self.work = work
  }

  public func answer(_ method: String, _ path: String) async -> Answer {
    let known = ["/healthz", "/readyz", "/metrics"]
    guard known.contains(path) else { return Answer(404, "There is nothing here. There are: \(known.joined(separator: ", ")).\n") }
    guard ["GET", "HEAD"].contains(method) else { return Answer(405, "Only GET and HEAD are answered.\n") }
    switch path {
    case "/healthz": return health
    case "/readyz": return await readiness()
    default: return await metrics()
    }
  }

  /// The loop comes round every few seconds, also while the warehouse is down: a restart would not help there.
  private var health: Answer {
    let seconds = work().secondsSinceTurn
    return seconds < 120 ? Answer(200, "ok\n") : Answer(503, "The scheduler has stood still for \(Int(seconds)) s.\n")
  }

  private func readiness() async -> Answer {
    let now = work()
    var checks: [(key: String, value: JSONValue)] = []
    var isReady = true
    func check(_ name: String, _ problem: String?) {
      checks.append((key: name, value: .string(problem ?? "ok")))
      if problem != nil { isReady = false }
    }
    do {
      let state = try await withConnection { try await Migrator($0).state() }
      check("warehouse", nil)
      switch state {
      case .current: check("catalogue", nil)
      case .absent: check("catalogue", "it is not installed: hedgerow migrate")
      case .older(let version): check("catalogue", "it is of an older hedgerow (version \(version)): hedgerow migrate")
      case .newer(let version): check("catalogue", "it is of a newer hedgerow (version \(version)): start that one")
      }
    } catch {
      // What the error says may name hosts and users: it is in the log.
      check("warehouse", "it does not answer")
    }
    check("scheduler", Self.problem(now))
    checks.insert((key: "ready", value: .bool(isReady)), at: 0)
    return Answer(isReady ? 200 : 503, JSONValue.object(checks).text(.compact) + "\n", contentType: "application/json")
  }

  private static func problem(_ now: Work) -> String? {
    if now.isStopping { return "it is stopping" }
    if now.isFailing { return "its last question for work failed" }
    if now.secondsSinceLook == nil { return "it has not begun" }
    return now.secondsSinceTurn < 120 ? nil : "it stands still"
  }

  private func metrics() async -> Answer {
    let rows = try? await withConnection { try await $0.query(ServiceMetrics.query) }
    let text = ServiceMetrics.text(work(), rows, began: began)
    return Answer(200, text, contentType: "text/plain; version=0.0.4; charset=utf-8")
  }

  /// A session that was idle while the warehouse restarted shows it only when it is used.
  private func withConnection<Result: Sendable>(_ body: (Connection) async throws -> Result) async throws -> Result {
    var isSecond = false
    while true {
      let connection = try await pool.acquire()
      do {
        let result = try await body(connection)
        await pool.release(connection)
        return result
      } catch {
        await pool.release(connection)
        guard let lost = error as? PostgresError, lost.kind == .connectionLost, !isSecond else { throw error }
        isSecond = true
      }
    }
  }
}
