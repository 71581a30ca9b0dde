import HTTP
import Rows
import Secrets
import Synchronization
import Testing

@testable import ConnectorKit

/// Each way in which APIs cut lists into pages.
@Suite struct PageWalkTests {
  static let ways: [(RESTPagination, Way)] = [
    (.page(parameter: "p", first: 1, size: 3), .page), (.offset(parameter: "skip", size: 3), .offset),
    (.token(parameter: "after", path: "next.after", more: nil), .token), (.keyset(parameter: "from", field: "id", more: "more"), .keyset),
    (.nextURL(path: "next.url"), .nextURL), (.linkHeader, .link),
  ]

  enum Way: Sendable { case page, offset, token, keyset, nextURL, link }

  @Test(arguments: 0..<6, [0, 1, 3, 7])
  func `a list is read to its end, each record once`(way: Int, count: Int) async throws {
    let (pagination, kind) = Self.ways[way]
    let api = PagedAPI(kind, count: count)
    let rows = try await Self.rows(pagination, api)
    #expect(rows == count)
    #expect(api.requests <= count / 3 + 1)
  }

  @Test func `a list that leads back to the same place is stopped`() async throws {
    await #expect {
      _ = try await Self.rows(.token(parameter: "after", path: "next.after", more: nil), PagedAPI(.token, count: 9, isStuck: true))
    } throws: { ($0 as? ConnectorError)?.kind == .malformed }
  }

  @Test func `a next page at another host is not asked for`() async throws {
    await #expect {
      _ = try await Self.rows(.nextURL(path: "next.url"), PagedAPI(.nextURL, count: 9, host: "http://elsewhere"))
    } throws: { ($0 as? ConnectorError)?.message.contains("another host") == true }
  }

  private static func rows(_ pagination: RESTPagination, _ api: PagedAPI) async throws -> Int {
    let stream = RESTStream(name: "s", path: "list", records: "items", key: ["id"], columns: [RESTColumn("id", .integer)], pagination: pagination)
    let manifest = RESTManifest(name: "t", title: "T", baseURL: "http://api", fields: [], authorization: .none, streams: [stream])
    let connector = RESTConnector(manifest, fields: [:], secrets: [:], http: api)
    let session = try await connector.open(ReadRequest(label: "t.s", remote: ["stream": "s"]))
    let reader = try await session.read(.all)
    var rows = 0
    while let batch = try await reader.next() { rows += batch.rows }
    await session.close()
    return rows
  }
}

/// A list of numbers, three to a page.
private final class PagedAPI: HTTPSending {
  private let way: PageWalkTests.Way
  private let count: Int
  private let isStuck: Bool
  private let host: String
  private let asked = Mutex(0)

  init(_ way: PageWalkTests.Way, count: Int, isStuck: Bool = false, host: String = "http://api") {
    self.way = way
    self.count = count
    self.isStuck = isStuck
    self.host = host
  }

  var requests: Int { asked.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    asked.withLock { $0 += 1 }
    let value = request.url.split(separator: "=").last.flatMap { Int($0) }
    let start = switch way {
    case .page: ((value ?? 1) - 1) * 3
    case .keyset: (value ?? -1) + 1
    default: value ?? 0
    }
    let page = Array((0..<count).dropFirst(start).prefix(3))
    let next = start + page.count
    let hasMore = next < count
    let after = isStuck ? 3 : next
    var body = "{\"items\":[\(page.map { "{\"id\":\($0)}" }.joined(separator: ","))],\"more\":\(hasMore)"
    if hasMore { body += ",\"next\":{\"after\":\(after),\"url\":\"\(host)/list?at=\(after)\"}" }
    let headers = hasMore && way == .link ? [(name: "Link", value: "<http://api/list?at=0>; rel=\"first\", <\(host)/list?at=\(next)>; rel=\"next\"")] : []
    return HTTPResponse(status: 200, headers: headers, body: HTTPBytes(Array((body + "}").utf8)))
  }
}
