import HTTP
import ObjectStores
import Secrets
import Testing
import TestSupport

/// Against a real server that speaks S3 and checks every signature.
@Suite(.enabled(if: MotoPython.isThere, "\(MotoPython.absence)"))
struct S3StoreTests {
  private let moto: MotoServer
  init() throws { moto = try MotoServer.shared.get() }

  @Test func `a list of several pages is whole and in order`() async throws {
    let gathered = Gathered()
    try await moto.store("many", as: moto.all.credentials).list(prefix: "page/") { page in
      gathered.add(page)
      return true
    }
    #expect(gathered.pages.map(\.count) == [1000, 1000, 345])
    let keys = gathered.entries.map(\.key)
    #expect(keys == (0..<2345).map { "page/\(String("0000\($0)".suffix(5))).csv" })
    #expect(gathered.entries.allSatisfy { $0.etag != nil && $0.modified != nil && $0.size > 1 })
  }

  @Test func `a listing ends when its reader has enough`() async throws {
    let gathered = Gathered()
    try await moto.store("many", as: moto.all.credentials, pageSize: 10).list(prefix: "page/000") { page in
      gathered.add(page)
      return gathered.pages.count < 2
    }
    #expect(gathered.entries.count == 20)
  }

  @Test func `only what a pattern means is listed`() async throws {
    let store = try moto.store("many", as: moto.all.credentials)
    #expect(try await store.entries(matching: "page/0{01..03}1?.csv").count == 30)
    #expect(try await store.entries(matching: "**/*[05].csv").count == 469)
    #expect(try await store.entries(matching: "page/00007.csv").map(\.key) == ["page/00007.csv"])
    #expect(try await store.entries(matching: "nothing/*").isEmpty)
  }

  @Test func `a folder's own object is left out`() async throws {
    let store = try moto.store("things", as: moto.all.credentials)
    #expect(try await store.entries("folder/").map(\.key) == ["folder/inside.csv"])
    #expect(try await store.entries("empty").map(\.size) == [0])
  }

  @Test func `odd keys are listed and read as they are`() async throws {
    let store = try moto.store("things", as: moto.all.credentials, pageSize: 3)
    let entries = try await store.entries("odd/")
    #expect(Set(entries.map(\.key)) == Set(moto.odd.map { "odd/\($0)" }))
    for entry in entries {
      let text = String(decoding: try await store.open(entry, from: 0).all(), as: UTF8.self)
      #expect(text == "content of \(entry.key.dropFirst(4))")
    }
    for key in moto.odd where !key.contains("/") {
      #expect(try await store.entries("odd/\(key)").map(\.key) == ["odd/\(key)"], "as a prefix")
    }
  }

  @Test func `an object is read whole, from a byte on, and in ranges`() async throws {
    let store = try moto.store("things", as: moto.all.credentials)
    let whole = (0..<4096).flatMap { _ in (0...255).map { UInt8($0) } }
    let entry = try #require(try await store.entries("big.bin").first)
    #expect(try await store.open(entry, from: 0).all() == whole)
    #expect(try await store.open(entry, from: 1_000_001).all() == Array(whole[1_000_001...]))
    #expect(try await store.open(entry, from: entry.size).all() == [])
    #expect(try await store.read(entry, 255..<258) == [255, 0, 1])
    #expect(try await store.read(entry, (entry.size - 4)..<entry.size) == [252, 253, 254, 255])
    #expect(try await store.read(entry, 7..<7) == [])
    #expect(await failure { _ = try await store.read(entry, 0..<(entry.size + 1)) }?.kind == .malformed)
    let empty = try #require(try await store.entries("empty.txt").first)
    #expect(try await store.open(empty, from: 0).all() == [])
  }

  @Test func `a bucket with dots is reached by its path`() async throws {
    #expect(try await moto.store("dotted.name", as: moto.all.credentials).entries().map(\.key) == ["x.csv"])
  }

  @Test func `an object in another version than listed is not read`() async throws {
    let store = try moto.store("things", as: moto.all.credentials)
    var entry = try #require(try await store.entries("big.bin").first)
    entry.etag = "\"0123456789abcdef0123456789abcdef\""
    let found = await failure { _ = try await store.open(entry, from: 0) }
    #expect(found?.kind == .changed)
    #expect(found?.isTransient == true)
    #expect(await failure { _ = try await store.read(entry, 0..<4) }?.kind == .changed)
  }

  @Test func `what is wrong with a key is told`() async throws {
    let unknown = S3Store.Credentials(key: Secret("AKIANOBODYKNOWSTHIS0"), secret: Secret("s3cr3t-of-nobody"))
    let mistyped = S3Store.Credentials(key: Secret(moto.all.key), secret: Secret("s3cr3t-mistyped"))
    #expect(await failure { _ = try await moto.store("things", as: unknown).entries() }?.kind == .unknownKey)
    let wrong = await failure { _ = try await moto.store("things", as: mistyped).entries() }
    #expect(wrong?.kind == .wrongSecret)
    #expect(wrong?.description.contains("s3cr3t") == false)
    #expect(wrong?.isTransient == false)
  }

  @Test func `a missing right is told by its name`() async throws {
    let entry = try #require(try await moto.store("things", as: moto.all.credentials).entries("big.bin").first)
    let list = await failure { _ = try await moto.store("things", as: moto.reader.credentials).entries() }
    #expect(list?.kind == .mayNotList)
    #expect(list?.hint?.contains("s3:ListBucket") == true)
    #expect(try await moto.store("things", as: moto.reader.credentials).read(entry, 0..<1) == [0])
    let read = await failure { _ = try await moto.store("things", as: moto.lister.credentials).open(entry, from: 0) }
    #expect(read?.kind == .mayNotRead)
    #expect(read?.hint?.contains("s3:GetObject") == true)
    #expect(try await moto.store("things", as: moto.lister.credentials).entries("big").count == 1)
  }

  @Test func `no such bucket, no such object`() async throws {
    let bucket = await failure { _ = try await moto.store("nowhere", as: moto.all.credentials).entries() }
    #expect(bucket?.kind == .noSuchBucket)
    #expect(bucket?.message.contains("nowhere") == true)
    let entry = ObjectEntry(key: "gone.csv", size: 3, etag: nil, modified: nil)
    #expect(await failure { _ = try await moto.store("things", as: moto.all.credentials).open(entry, from: 0) }?.kind == .noSuchObject)
  }
}
