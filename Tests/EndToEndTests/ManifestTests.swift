import Foundation
import TestSupport
import Testing

/// `hedgerow link rest NAME manifest=FILE`: an API of one's own.
@Suite struct ManifestTests {
  /// An API with pages by number, a cursor that moves with each change, and a list below each record.
  private static let manifest = """
    {
      "name": "shop", "title": "The shop's API", "baseURL": "{{config.base_url}}",
      "authorization": {"header": {"name": "X-Key", "value": "{{config.key}}"}},
      "streams": [
        {
          "name": "orders", "path": "orders", "key": ["id"], "records": "items",
          "parameters": [{"name": "per_page", "value": "50"}],
          "pagination": {"page": {"parameter": "page", "first": 1, "size": 50}},
          "order": "oldest_first",
          "cursor": {"field": "updated_at", "from": "updated_since", "format": "iso", "tellsChanges": true},
          "columns": [
            {"name": "id", "type": "integer"}, {"name": "updated_at", "type": "time"}, {"name": "total", "type": "decimal"},
            {"name": "city", "type": "text", "from": "address.city"}
          ]
        },
        {
          "name": "lines", "path": "orders/{{parent.id}}/lines", "key": ["order_id", "line"], "records": "",
          "parent": {"stream": "orders", "column": "order_id", "id": "id"},
          "columns": [{"name": "order_id", "type": "text"}, {"name": "line", "type": "integer"}]
        }
      ]
    }
    """

  private static func answer(_ request: TestHTTPRequest, total: String) -> TestHTTPAnswer {
    guard request.header("X-Key") == "secret-key-1" else { return .json(#"{"message": "no"}"#, 401) }
    if request.path.hasSuffix("/lines") { return .json(#"[{"line": 1}, {"line": 2}]"#) }
    let page = Int(request.parameter("page") ?? "1") ?? 1
    let since = request.parameter("updated_since") ?? ""
    let all = (1...120).map { id in
      (time: "2024-03-\(id < 100 ? "01" : "02")T00:00:\(id % 60 < 10 ? "0" : "")\(id % 60).500Z", json: id)
    }.filter { $0.time >= since.prefix(19) }.sorted { ($0.time, $0.json) < ($1.time, $1.json) }
    let items = all.dropFirst((page - 1) * 50).prefix(50).map { each in
      #"{"id": \#(each.json), "updated_at": "\#(each.time)", "total": "\#(each.json == 7 ? total : "1.50")", "address": {"city": "Łódź", "zip": "1"}}"#
    }
    return .json(#"{"items": [\#(items.joined(separator: ","))]}"#)
  }

  private static func file(_ text: String) throws -> String {
    let path = TestFolder.makeFolder("manifest") + "/manifest.json"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func `an API of one's own becomes tables`() async throws {
    let fixture = try SyncFixture()
    let file = try Self.file(Self.manifest)
    let server = try TestHTTPServer { Self.answer($0, total: "12345678901234567890.10") }
    let environment = ["HEDGEROW_ALLOW_HOSTS": "127.0.0.1"]
    try await fixture.hedgerow(
      "link", "rest", "mine", "manifest=\(file)", "base_url=\(server.url)", "key=secret-key-1", "--all", environment: environment)
    try await fixture.hedgerow("sync", "mine", environment: environment)
    #expect(try fixture.warehouse("SELECT count(*), sum(total) FROM warehouse.rest_orders") == "120|12345678901234568068.60")
    #expect(try fixture.warehouse("SELECT city, _hedgerow_extra ->> 'address.zip' FROM warehouse.rest_orders WHERE id = 7") == "Łódź|1")
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.rest_lines WHERE order_id = '7'") == "2")
    #expect(try fixture.status("mode", of: "orders") == "merge")
    let before = server.requests.count
    try await fixture.hedgerow("sync", "mine.orders", environment: environment)
    #expect(server.requests[before...].allSatisfy { $0.parameter("updated_since") != nil })
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.rest_orders") == "120")
  }

  @Test(arguments: [
    (#"{"name": "x""#, "not right"),
    (#"{"name":"x","title":"X","baseURL":"http://a","streams":[]}"#, "it has no streams"),
    (#"{"name":"x","title":"X","baseURL":"{{config.nothing}}","streams":[]}"#, "no streams"),
    (#"{"name":"x","title":"X","baseURL":"http://a","streams":[{"name":"s","path":"p","key":["id"],"columns":[{"name":"a","type":"text"}]}]}"#, "no column id, which is its key"),
    (#"{"name":"x","title":"X","baseURL":"http://a{{","streams":[]}"#, "does not end with"),
    (#"{"name":"x","title":"X","baseURL":"http://a","streams":[{"name":"s","path":"p{{parent.id}}","key":[],"columns":[{"name":"a","type":"text"}]}]}"#, "{{parent.id}}, which is not there"),
  ])
  func `a manifest that cannot work is refused with what is wrong in it`(text: String, said: String) async throws {
    let fixture = try SyncFixture()
    let file = try Self.file(text)
    let result = try await fixture.hedgerow("link", "rest", "mine", "manifest=\(file)", expecting: 2)
    #expect(result.stderr.contains(said), "\(result.stderr)")
  }
}
