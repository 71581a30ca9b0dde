import HTTP
@testable import ObjectStores
import Secrets
import Testing
import TestSupport

@Suite struct AzureStoreTests {
  private func store(
    _ server: TestHTTPServer, _ credentials: AzureStore.Credentials = .key(Secret(AzureServer.key)), container: String = "box"
  ) throws -> AzureStore {
    try AzureStore(
      AzurePlace(account: AzureServer.account, container: container, endpoint: server.url), credentials, localSender(),
      clock: FastClock())
  }

  @Test(arguments: [true, false])
  func `pages are walked and blobs read, with the key or a SAS`(withKey: Bool) async throws {
    let server = try TestHTTPServer(AzureServer.answer)
    let credentials: AzureStore.Credentials = withKey ? .key(Secret(AzureServer.key)) : .sas(Secret("?\(AzureServer.sas)"))
    let store = try store(server, credentials)
    let entries = try await store.entries()
    #expect(entries.map(\.key) == AzureServer.blobs.map(\.name))
    #expect(entries.map(\.size) == [1, 2, 3, 4, 5])
    #expect(entries[0].modified == 1_248_697_733_000_000)
    for (entry, blob) in zip(entries, AzureServer.blobs) {
      #expect(try await store.open(entry, from: 0).all() == Array(blob.text.utf8))
    }
    #expect(try await store.read(entries[3], 1..<3) == Array("44".utf8))
    #expect(try await store.open(entries[4], from: 2).all() == Array("zzz".utf8))
    #expect(try await store.entries(matching: "dt=*/*.csv").map(\.key) == ["dt=2024-01-01/x&y.csv"])
  }

  @Test func `a blob in another version than listed is not read`() async throws {
    let server = try TestHTTPServer(AzureServer.answer)
    let entry = ObjectEntry(key: "z.csv", size: 5, etag: "0x7", modified: nil)
    #expect(await failure { _ = try await store(server).open(entry, from: 0) }?.kind == .changed)
  }

  @Test func `a wrong key, and a key that is none`() async throws {
    let server = try TestHTTPServer(AzureServer.answer)
    let wrong = await failure { _ = try await store(server, .key(Secret("bm90IHRoZSBrZXk="))).entries() }
    #expect(wrong?.kind == .wrongSecret)
    #expect(wrong?.message == "The account key does not fit the account devaccount.")
    #expect(await failure { _ = try store(server, .key(Secret("not base64!"))) }?.kind == .wrongSecret)
    let sas = await failure { _ = try await store(server, .sas(Secret("sv=1&sig=s3cr3t"))).entries() }
    #expect(sas?.kind == .wrongSecret)
    #expect(sas?.description.contains("s3cr3t") == false)
  }

  @Test func `no such container, no such blob`() async throws {
    let server = try TestHTTPServer(AzureServer.answer)
    #expect(await failure { _ = try await store(server, container: "nowhere").entries() }?.kind == .noSuchBucket)
    let entry = ObjectEntry(key: "gone.csv", size: 3, etag: nil, modified: nil)
    #expect(await failure { _ = try await store(server).open(entry, from: 0) }?.kind == .noSuchObject)
  }

  @Test(arguments: [
    (403, "AuthorizationPermissionMismatch", ObjectStoreError.Kind.mayNotRead), (409, "PublicAccessNotPermitted", .mayNotRead),
    (409, "BlobArchived", .archived), (503, "ServerBusy", .busy), (500, "InternalError", .busy),
    (400, "Strange", .refused(code: "Strange")),
  ])
  func `an error code has its meaning`(status: Int, code: String, kind: ObjectStoreError.Kind) async throws {
    let server = try TestHTTPServer { _ in AzureServer.error(status, code) }
    let entry = ObjectEntry(key: "x", size: 3, etag: nil, modified: nil)
    let found = await failure { _ = try await store(server).open(entry, from: 0) }
    #expect(found?.kind == kind)
    #expect(found?.hint != nil)
  }

  @Test func `a body that is cut is taken up where it was`() async throws {
    let server = try TestHTTPServer { request in
      var answer = AzureServer.answer(request)
      if request.number < 4 { answer.faults = [.close(afterBytes: 1)] }
      return answer
    }
    let entry = ObjectEntry(key: "z.csv", size: 5, etag: "0x5", modified: nil)
    #expect(try await store(server).open(entry, from: 0).all() == Array("zzzzz".utf8))
    #expect(server.requests.map { $0.header("Range") } == [nil, "bytes=1-", "bytes=2-", "bytes=3-"])
  }

  @Test func `an encoded name is decoded`() throws {
    let xml = "<EnumerationResults><Blobs><Blob><Name Encoded=\"true\">a%EF%BF%BEb</Name><Properties><Content-Length>1</Content-Length></Properties></Blob></Blobs><NextMarker/></EnumerationResults>"
    #expect(try AzureListing(Array(xml.utf8), container: "c").entries.map(\.key) == ["a\u{FFFE}b"])
    #expect(throws: ObjectStoreError.self) { try AzureListing(Array("<Error/>".utf8), container: "c") }
  }
}
