import ConnectorKit
import Connectors
import FoundationEssentials
import HTTP
import Rows
import Secrets
import Synchronization
import TestSupport

/// Requests that a stand-in answers, without a network; with faults on the way.
struct StandInWire: HTTPSending {
  enum Fault {
    /// No answer comes.
    case reset
    /// The body breaks off after so many bytes.
    case cut(Int)
    /// The body ends early and says that it is whole.
    case truncated(Int)
  }

  let shop: StripeStandIn
  var fault: @Sendable (Int) -> Fault? = { _ in nil }
  let count = Counter()

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let number = count.next()
    let fault = fault(number)
    if case .reset? = fault { throw HTTPError(.reset, host: "stand-in", "The connection broke.") }
    let parts = request.url.dropFirst("http://stand-in".count).split(separator: "?", maxSplits: 1)
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.removingPercents }
      return (name: sides[0], value: sides.count > 1 ? sides[1] : "")
    }
    let key = request.headers.first { $0.name == "Authorization" }.map { String($0.value.dropFirst("Bearer ".count)) }
    let answer = shop.answer(.init(path: parts[0].removingPercents, query: query, key: key))
    var body = answer.body
    var isCut = false
    if case .cut(let length)? = fault { (body, isCut) = (Array(body.prefix(length)), true) }
    if case .truncated(let length)? = fault { body = Array(body.prefix(length)) }
    return HTTPResponse(status: answer.status, headers: answer.headers, body: BytesBody(body, isCut: isCut))
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  func next() -> Int { value.withLock { $0 += 1; return $0 } }
}

actor BytesBody: HTTPBody {
  private var bytes: [UInt8]?
  private let isCut: Bool

  init(_ bytes: [UInt8], isCut: Bool) {
    self.bytes = bytes
    self.isCut = isCut
  }

  func next() async throws -> [UInt8]? {
    guard let all = bytes, !all.isEmpty else {
      if isCut { throw HTTPError(.cut, host: "stand-in", "The body broke off.") }
      return nil
    }
    bytes = []
    return all
  }
}

extension Substring {
  var removingPercents: String { TestHTTPText.decode(String(self)) }
}

enum TestHTTPText {
  static func decode(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

func secondsNow() -> Int { Int(Date().timeIntervalSince1970) }

extension Stripe {
  /// A connector to a stand-in, without pauses between tries.
  static func connector(_ wire: StandInWire, key: String = "rk_test_standin", rate: String = "0") -> RESTConnector {
    RESTConnector(
      manifest, fields: ["base_url": "http://stand-in/v1", "rate": rate], secrets: ["key": Secret(key)], http: wire,
      patience: .init(firstPause: .milliseconds(1)))
  }
}

/// What the warehouse would hold of one table: batches count once a checkpoint commits them.
struct HeldTable {
  let columns: [String]
  private(set) var rows: [String: [String: [UInt8]]] = [:]
  private(set) var checkpoint: String?
  /// How many rows came, repeated ones too.
  private(set) var landed = 0
  private var open: [Batch] = []

  init(_ columns: [String]) { self.columns = columns }

  /// - Parameter batches: after so many the process dies; nil for never.
  /// - Returns: whether the end was reached.
  mutating func take(_ reader: any BatchReader, dyingAfter batches: Int? = nil) async throws -> Bool {
    var count = 0
    open = []
    while let batch = try await reader.next() {
      count += 1
      open.append(batch)
      if let checkpoint = batch.checkpoint {
        try commit()
        self.checkpoint = checkpoint
      }
      if count == batches { return false }
    }
    try commit()
    return true
  }

  private mutating func commit() throws {
    for batch in open {
      switch batch.content {
      case .rows:
        guard let read = CopyRows.read(batch.bytes, columns: columns), read.count == batch.rows else { throw TestFailure("a batch is no COPY stream of \(columns.count) columns") }
        landed += read.count
        for row in read { rows[Self.text(row["id"]) ?? "?"] = row }
      case .goneKeys:
        guard let read = CopyRows.read(batch.bytes, columns: ["id"]) else { throw TestFailure("keys are no COPY stream") }
        for row in read { rows[Self.text(row["id"]) ?? "?"] = nil }
      }
    }
    open = []
  }

  static func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  func text(_ id: String, _ column: String) -> String? { Self.text(rows[id]?[column]) }

  func integer(_ id: String, _ column: String) -> Int64? {
    rows[id]?[column].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }.map { Int64(bitPattern: $0) }
  }
}

extension RESTConnector {
  func session(_ stream: String, _ mode: SyncMode = .merge, checkpoint: String? = nil, columns: [String]? = nil) async throws -> any CheckpointedSession {
    let request = ReadRequest(
      label: "acme.\(stream)", remote: ["stream": stream], columns: columns, key: ["id"], cursorField: "created", mode: mode, checkpoint: checkpoint)
    guard let session = try await open(request) as? any CheckpointedSession else { throw TestFailure("no session with checkpoints") }
    return session
  }

  /// A table after a whole load.
  func loaded(_ stream: String, _ mode: SyncMode = .merge) async throws -> HeldTable {
    let session = try await session(stream, mode)
    var table = HeldTable(session.table.columns.map(\.name))
    _ = try await table.take(try await session.load(after: nil))
    await session.close()
    return table
  }

  /// Brings a table up to date.
  func update(_ table: inout HeldTable, _ stream: String, _ mode: SyncMode = .merge) async throws {
    let session = try await session(stream, mode, checkpoint: table.checkpoint)
    _ = try await table.take(try await session.changes(after: table.checkpoint ?? ""))
    await session.close()
  }
}
