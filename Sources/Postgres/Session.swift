import CLibpq
import Glibc
import SQLText

/// Owns one libpq connection. Lives inside one actor and is used by its thread only.
final class Session {
  let handle: OpaquePointer
  /// Whether the server's process is another one than the protocol said, as behind a pooler.
  var isPooled = false
  private let parameters: ConnectionParameters
  private let clock = ContinuousClock()
  /// After so long without a byte from the server we ask, over another connection, whether it still works
  /// for us. A half-open connection is so found within two of them.
  private let silenceLimit: Duration
  private let asksWhenSilent: Bool

  /// - Parameter asksWhenSilent: whether a silent server is asked before it is given up.
  init(_ parameters: ConnectionParameters, silenceLimit: Duration, asksWhenSilent: Bool = true) throws(PostgresError) {
    self.parameters = parameters
    self.silenceLimit = silenceLimit
    self.asksWhenSilent = asksWhenSilent
    handle = try Self.connect(parameters)
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    PQsetnonblocking(handle, 1)
  }

  deinit { PQfinish(handle) }

  var serverVersion: Int { Int(PQserverVersion(handle)) }
  var usesTLS: Bool { PQsslInUse(handle) == 1 }
  var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }
  var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
  /// Whether a statement is under way, such as a `COPY` whose end was not read.
  var isActive: Bool { PQtransactionStatus(handle) == PQTRANS_ACTIVE }
  var backendPID: Int32 { PQbackendPID(handle) }

  private static func connect(_ parameters: ConnectionParameters) throws(PostgresError) -> OpaquePointer {
    guard let handle = parameters.withLists({ keywords, values in PQconnectdbParams(keywords, values, 0) }) else {
      throw PostgresError(.cannotConnect, "libpq had no memory for a connection")
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      let text = String(cString: PQerrorMessage(handle))
      PQfinish(handle)
      throw PostgresError(.cannotConnect, Self.oneLine(text), sqlState: Self.connectState(text))
    }
    return handle
  }

  /// libpq gives no SQLSTATE for a refused connection; these texts are the server's own, in English or not,
  /// so an unknown one has no state.
  private static func connectState(_ text: String) -> String {
    if text.contains("password authentication failed") || text.contains("no password supplied") { return "28P01" }
    if text.contains("no pg_hba.conf entry") { return "28000" }
    if text.contains("database \""), text.contains("does not exist") { return "3D000" }
    if text.contains("role \""), text.contains("does not exist") { return "28000" }
    if text.contains("too many clients") || text.contains("remaining connection slots") { return "53300" }
    return ""
  }

  static func oneLine(_ text: String) -> String {
    text.split(separator: "\n").map { line in
      line.drop { $0 == " " || $0 == "\t" }
    }.joined(separator: "; ")
  }

  // MARK: Statements

  /// Sends one statement and waits for its rows.
  func query(_ sql: SQL) throws(PostgresError) -> [Row] {
    let result = try run(sql)
    return result.rows
  }

  func run(_ sql: SQL) throws(PostgresError) -> ResultSet {
    let (text, parameters) = sql.statement
    try send(text, parameters)
    return try lastResult()
  }

  /// Sends several statements at once, as psql sends a file: without an explicit transaction in it, all of
  /// it is one.
  func script(_ text: String) throws(PostgresError) {
    guard PQsendQuery(handle, text) == 1 else { throw failure() }
    _ = try lastResult()
  }

  func send(_ text: String, _ parameters: [String?]) throws(PostgresError) {
    let copies = parameters.map { value in value.map { strdup($0) } ?? nil }
    defer { copies.forEach { free($0) } }
    let values = copies.map { $0.map { UnsafePointer($0) } }
    guard PQsendQueryParams(handle, text, Int32(values.count), nil, values, nil, nil, 0) == 1 else {
      throw failure()
    }
  }

  /// Waits for the end of the statement; the first error wins, and the session is ready for the next.
  func lastResult() throws(PostgresError) -> ResultSet {
    var last: ResultSet?
    var error: PostgresError?
    while let result = try nextResult() {
      switch PQresultStatus(result.handle) {
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        throw PostgresError(.unexpected, "a COPY was started where none may be")
      case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
        if error == nil { error = failure(result) }
        if isBroken { throw error! }
      default: last = result
      }
    }
    if let error { throw error }
    guard let last else { throw failure() }
    return last
  }

  func nextResult() throws(PostgresError) -> ResultSet? {
    try flush()
    while PQisBusy(handle) == 1 {
      try wait(Int16(POLLIN))
      guard PQconsumeInput(handle) == 1 else { throw failure() }
    }
    return PQgetResult(handle).map { ResultSet($0) }
  }

  /// Reads and drops what the statement under way still sends.
  func discard() {
    guard isActive else { return }
    if let result = PQgetResult(handle).map({ ResultSet($0) }), PQresultStatus(result.handle) == PGRES_COPY_IN {
      PQputCopyEnd(handle, "abandoned")
    }
    var message: UnsafeMutablePointer<CChar>?
    while !isBroken {
      let length = PQgetCopyData(handle, &message, 1)
      if length > 0 { PQfreemem(message) } else if length != 0 { break }
      else { guard (try? wait(Int16(POLLIN))) != nil, PQconsumeInput(handle) == 1 else { return } }
    }
    while let more = try? nextResult() { if PQresultStatus(more.handle) == PGRES_COPY_OUT { break } }
  }

  /// How long a server may take no rows. Whoever reads them holds a snapshot open meanwhile.
  static let writeLimit = Duration.seconds(600)

  func flush() throws(PostgresError) {
    let deadline = clock.now + Self.writeLimit
    while true {
      switch PQflush(handle) {
      case 0: return
      case 1:
        try wait(Int16(POLLIN | POLLOUT), until: deadline)
        guard PQconsumeInput(handle) == 1 else { throw failure() }
      default: throw failure()
      }
    }
  }

  // MARK: Waiting

  /// Waits until the socket is ready. Finds out whether the server still works for us when it is silent.
  func wait(_ events: Int16, until deadline: ContinuousClock.Instant? = nil) throws(PostgresError) {
    var silentSince = clock.now
    var silence = Silence()
    while true {
      var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
      let ready = poll(&descriptor, 1, 1000)
      if ready > 0 { return }
      if ready < 0 && errno != EINTR { throw failure() }
      if let deadline, clock.now > deadline { throw giveUp("has taken no rows for \(Self.writeLimit)") }
      guard clock.now - silentSince > silenceLimit else { continue }
      guard asksWhenSilent else { throw giveUp("has not answered for \(silenceLimit)") }
      let answer = ServerProbe(parameters, for: self).ask()
      if let reason = silence.reason(after: answer, limit: silenceLimit) { throw giveUp(reason) }
      silentSince = clock.now
    }
  }

  /// Takes the connection for dead: whatever is asked of it from now on fails at once, rather than wait again.
  private func giveUp(_ reason: String) -> PostgresError {
    let error = PostgresError(.connectionLost, "the server at \(address) \(reason)")
    shutdown(PQsocket(handle), Int32(SHUT_RDWR))
    while PQconsumeInput(handle) == 1, !isBroken {}
    return error
  }

  private var address: String {
    let host = PQhost(handle).map { String(cString: $0) } ?? "?"
    let port = PQport(handle).map { String(cString: $0) } ?? "?"
    return "\(host):\(port)"
  }

  // MARK: Errors

  /// The error of the connection itself.
  func failure() -> PostgresError {
    let text = Self.oneLine(String(cString: PQerrorMessage(handle)))
    return PostgresError(isBroken ? .connectionLost : .unexpected, text.isEmpty ? "the connection failed" : text)
  }

  /// The error that a result holds.
  func failure(_ result: ResultSet) -> PostgresError {
    func field(_ code: Int32) -> String? { PQresultErrorField(result.handle, code).map { String(cString: $0) } }
    guard let message = field(HEDGEROW_DIAG_MESSAGE_PRIMARY) else { return failure() }
    let state = field(HEDGEROW_DIAG_SQLSTATE) ?? ""
    let isLost = isBroken || ["57P01", "57P02", "57P03"].contains(state)
    return PostgresError(
      isLost ? .connectionLost : .refused, message, sqlState: state, detail: field(HEDGEROW_DIAG_MESSAGE_DETAIL),
      hint: field(HEDGEROW_DIAG_MESSAGE_HINT), context: field(HEDGEROW_DIAG_CONTEXT),
      position: field(HEDGEROW_DIAG_STATEMENT_POSITION).flatMap { Int($0) })
  }
}
