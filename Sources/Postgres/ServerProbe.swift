import CLibpq
import SQLText

/// Asks a server that has fallen silent, over another connection, whether it still works on a session's statement.
struct ServerProbe {
  enum Answer: Equatable {
    case working
    /// The session's process is gone, or waits for us.
    case idle
    /// The server is there, and would not say: it has no room for one more, or is starting up.
    case unclear(String)
    /// Nobody answers at its address.
    case unreachable(String)
  }

  let parameters: ConnectionParameters
  let backendPID: Int32
  /// Whether the process that works for us is another one than we know, as behind a pooler: an answer is all we can ask for.
  let isPooled: Bool

  /// How long the answer to a question may take.
  private static let limit = Duration.seconds(30)

  /// - Parameter parameters: how the session was opened. Its host may be a list, or a name that has become another server's.
  init(_ parameters: ConnectionParameters, for session: Session) {
    var exact = parameters
    exact["host"] = PQhost(session.handle).map { String(cString: $0) }
    exact["hostaddr"] = PQhostaddr(session.handle).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    exact["port"] = PQport(session.handle).map { String(cString: $0) }
    exact["target_session_attrs"] = "any"
    self.parameters = exact
    backendPID = session.backendPID
    isPooled = session.isPooled
  }

  func ask() -> Answer {
    do throws(PostgresError) {
      let session = try Session(parameters, silenceLimit: Self.limit, asksWhenSilent: false)
      if isPooled { return .working }
      let rows = try session.query(
        """
        SELECT 1 AS one FROM pg_catalog.pg_stat_activity
        WHERE pid = \(backendPID) AND state IS DISTINCT FROM 'idle' AND state IS DISTINCT FROM 'idle in transaction'
        """)
      return rows.isEmpty ? .idle : .working
    } catch {
      let isThere = error.kind != .cannotConnect || isRefusing
      return isThere ? .unclear(error.message) : .unreachable(error.message)
    }
  }

  /// Whether what refused the connection was a server: libpq keeps an error's SQLSTATE to itself, and words are in any language.
  private var isRefusing: Bool {
    var parameters = parameters
    parameters["connect_timeout"] = "5"
    return parameters.withLists { keywords, values in [PQPING_OK, PQPING_REJECT].contains(PQpingParams(keywords, values, 0)) }
  }
}

/// What was heard of a server since it fell silent. Pure.
struct Silence {
  /// A statement may just have ended when we asked, its answer on its way.
  private static let idleLimit = 2
  private static let unclearLimit = 10

  private var idle = 0
  private var unclear = 0

  /// - Returns: why the session is to be given up; nil while it is not.
  mutating func reason(after answer: ServerProbe.Answer, limit: Duration) -> String? {
    switch answer {
    case .working: (idle, unclear) = (0, 0)
    case .idle: (idle, unclear) = (idle + 1, 0)
    case .unclear(let why):
      unclear += 1
      if unclear == Self.unclearLimit { return "has not answered for \(limit * Self.unclearLimit), nor said whether it works on our statement: \(why)" }
    case .unreachable(let why): return "has been silent for \(limit) and takes no new connection: \(why)"
    }
    return idle == Self.idleLimit ? "has not answered for \(limit * Self.idleLimit), and no longer works on our statement" : nil
  }
}
