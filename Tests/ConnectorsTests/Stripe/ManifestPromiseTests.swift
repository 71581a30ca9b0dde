import ConnectorKit
import Connectors
import Foundation
import HTTP
import JSON
import Rows
import Secrets
import TestSupport
import Testing

/// What every connector keeps that is a manifest.
@Suite struct ManifestPromiseTests {
  static let manifests = [Stripe.manifest]
  static let streams = manifests.flatMap { manifest in manifest.streams.map { Case(manifest: manifest, stream: $0) } }

  struct Case: Sendable, CustomTestStringConvertible {
    var manifest: RESTManifest
    var stream: RESTStream
    var testDescription: String { "\(manifest.name).\(stream.name)" }
  }

  @Test(arguments: [Stripe.manifest.name])
  func `a manifest has no mistakes`(name: String) throws {
    let manifest = try #require(Self.manifests.first { $0.name == name })
    #expect(manifest.mistakes(fields: (manifest.fields ?? []).map(\.name)) == [])
  }

  @Test(arguments: [Stripe.manifest.name])
  func `a manifest comes back from its own JSON`(name: String) throws {
    let manifest = try #require(Self.manifests.first { $0.name == name })
    let json = try JSONEncoder().encode(manifest)
    let again = try JSONDecoder().decode(RESTManifest.self, from: json)
    #expect(again.page == manifest.page)
    #expect(again.streams.map(\.path) == manifest.streams.map(\.path))
  }

  @Test(arguments: streams)
  func `every declared field is typed, an unknown one is kept`(each: Case) async throws {
    let record = JSONValue.object(each.stream.columns.map { (key: $0.name, value: Self.sample($0.type)) } + [("never_heard_of", 7)])
    let row = try await row(record, each)
    for column in each.stream.columns { #expect(row[column.name] != nil, "\(column.name) is NULL") }
    #expect(row[".extra"] == Array("\u{1}{\"never_heard_of\":7}".utf8))
  }

  @Test(arguments: streams)
  func `NULLs and values of another type do not stop a stream`(each: Case) async throws {
    let nulls = try await row(.object(each.stream.columns.map { ($0.name, $0.name == "id" ? "x" : nil) }), each)
    #expect(nulls.count == 1)
    let odd = try await row(.object(each.stream.columns.map { ($0.name, $0.name == "id" ? "x" : .array([.object([])])) }), each)
    #expect(odd["id"] == Array("x".utf8))
    let misfits = each.stream.columns.contains { ![.text, .reference, .json].contains($0.type) }
    #expect((odd[".extra"] != nil) == misfits)
  }

  /// The one row that a stream makes of one record.
  private func row(_ record: JSONValue, _ each: Case) async throws -> [String: [UInt8]] {
    let answer = JSONValue.object([("data", .array([record])), ("has_more", false)]).text()
    let connector = RESTConnector(
      each.manifest, fields: ["base_url": "http://stand-in/v1", "rate": "0"], secrets: ["key": Secret("k")], http: OneAnswer(text: answer))
    let request = ReadRequest(label: "a.b", remote: ["stream": each.stream.name], key: each.stream.key, mode: .fullRefresh)
    guard let session = try await connector.open(request) as? any CheckpointedSession else { throw TestFailure("no checkpoints") }
    let reader = try await session.load(after: nil)
    var rows: [[String: [UInt8]]] = []
    while let batch = try await reader.next() { rows += CopyRows.read(batch.bytes, columns: session.table.columns.map(\.name)) ?? [] }
    await session.close()
    var row = try #require(rows.first)
    #expect(rows.count == 1)
    row[".extra"] = row.removeValue(forKey: "_hedgerow_extra")
    return row
  }

  private static func sample(_ type: RESTType) -> JSONValue {
    switch type {
    case .text: "größe"
    case .reference: .object([("id", "other_1"), ("name", "expanded")])
    case .integer: 9_007_199_254_740_993
    case .decimal: .number("12345678901234567890.0100")
    case .double: .number("0.5")
    case .boolean: true
    case .unixTime: 1_700_000_000
    case .unixMilliseconds: 1_700_000_000_123
    case .time: "2024-02-29T12:00:00.123456+01:00"
    case .date: "2024-02-29"
    case .json: .object([("a", .array([1, nil, "\u{1F33F}"]))])
    }
  }
}

/// Gives the same answer to everything.
private struct OneAnswer: HTTPSending {
  let text: String
  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    HTTPResponse(status: 200, headers: [], body: BytesBody(Array(text.utf8), isCut: false))
  }
}

/// The shapes that Stripe publishes, where a copy of them lies beside the repository.
@Suite struct StripeShapeTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/stripe/fixtures3.json")
  static var isThere: Bool { FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) }

  @Test(.enabled(if: isThere, "shared/data/stripe/fixtures3.json is not beside the repository: Stripe's own shapes are not compared"))
  func `every field of Stripe's own examples has a column of its type`() throws {
    let all = try JSONValue(parsing: Array(Data(contentsOf: Self.file)))
    let kinds = ["invoice_item": "invoiceitem", "checkout_session": "checkout.session"]
    for stream in Stripe.manifest.streams {
      let example = try #require(all["resources"]?[kinds[stream.name] ?? stream.name]?.members, "\(stream.name)")
      let columns = Dictionary(stream.columns.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
      for (name, value) in example where !(stream.leavesOut ?? []).contains(name) && !(stream.name == "charge" && name == "refunds") {
        let type = try #require(columns[name], "\(stream.name).\(name) has no column")
        #expect(Self.fits(value, type), "\(stream.name).\(name) is no \(type.rawValue)")
      }
    }
  }

  private static func fits(_ value: JSONValue, _ type: RESTType) -> Bool {
    switch value {
    case .null: true
    case .bool: type == .boolean
    case .integer: type == .integer || type == .unixTime || type == .decimal
    case .number: type == .decimal || type == .double
    case .string(let text): type == .text || type == .reference || type == .decimal && Double(text) != nil
    case .array, .object: type == .json
    }
  }
}
