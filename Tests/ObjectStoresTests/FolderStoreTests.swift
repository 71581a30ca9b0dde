import Glibc
import ObjectStores
import Testing
import TestSupport

@Suite struct FolderStoreTests {
  private let folder = TestFolder.makeFolder("store")
  private var root: String { String(folder.dropFirst()) + "/" }

  private func write(_ path: String, _ text: String) {
    var made = folder
    for part in path.split(separator: "/").dropLast() {
      made += "/\(part)"
      mkdir(made, 0o755)
    }
    let file = fopen("\(folder)/\(path)", "w")!
    fputs(text, file)
    fclose(file)
  }

  @Test func `files are listed in the order of their paths, in pages`() async throws {
    for path in ["b.csv", "b/x.csv", "b-c.csv", "a/2.csv", "a/1.csv", "a/10.csv", "größe/ü v.csv"] { write(path, path) }
    let gathered = Gathered()
    try await FolderStore(pageSize: 3).list(prefix: root) { page in
      gathered.add(page)
      return true
    }
    #expect(gathered.pages.map(\.count) == [3, 3, 1])
    let keys = gathered.entries.map { String($0.key.dropFirst(root.count)) }
    #expect(keys == ["a/1.csv", "a/10.csv", "a/2.csv", "b-c.csv", "b.csv", "b/x.csv", "größe/ü v.csv"])
    #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(gathered.entries[0].size == 7)
    #expect(try #require(gathered.entries[0].modified) > 1_600_000_000_000_000)
  }

  @Test func `a pattern lists what it means`() async throws {
    for path in ["dt=1/a.csv", "dt=2/b.csv", "dt=2/_SUCCESS", "x/c.csv", "dt=2/deep/d.csv"] { write(path, "1") }
    let store = FolderStore()
    #expect(try await store.entries(matching: "\(root)dt=*/*.csv").count == 2)
    #expect(try await store.entries(matching: "\(root)**/*.csv").count == 4)
    #expect(try await store.entries(matching: "\(root)dt=2/**").count == 2)
    #expect(try await store.entries(matching: "\(root)x/c.csv").count == 1)
    #expect(try await store.entries(matching: "\(root)x/none.csv").isEmpty)
  }

  @Test func `a file is read whole, from a byte on, and in ranges`() async throws {
    let text = String(repeating: "0123456789", count: 100_000)
    write("big.txt", text)
    write("empty.txt", "")
    let store = FolderStore()
    let entries = try await store.entries(root)
    #expect(try await store.open(entries[0], from: 0).all() == Array(text.utf8))
    #expect(try await store.open(entries[0], from: 999_995).all() == Array("56789".utf8))
    #expect(try await store.read(entries[0], 9..<12) == Array("901".utf8))
    #expect(try await store.open(entries[1], from: 0).all() == [])
    #expect(await failure { _ = try await store.read(entries[1], 0..<1) }?.kind == .malformed)
  }

  @Test func `a file that changes is not read as what was listed`() async throws {
    write("x.txt", "before")
    let store = FolderStore()
    let entry = try #require(try await store.entries(root).first)
    let reader = try await store.open(entry, from: 0)
    #expect(try await reader.next() == Array("before".utf8))
    write("x.txt", "after that")
    #expect(await failure { _ = try await reader.next() }?.kind == .changed, "while it is open")
    #expect(await failure { _ = try await store.open(entry, from: 0) }?.kind == .changed, "before it is opened")
    unlink("\(folder)/x.txt")
    #expect(await failure { _ = try await store.open(entry, from: 0) }?.kind == .noSuchObject)
  }

  @Test func `links are followed, and a circle of them ends`() async throws {
    write("a/x.csv", "1")
    symlink("\(folder)/a", "\(folder)/b")
    symlink("\(folder)", "\(folder)/a/up")
    symlink("/nowhere", "\(folder)/dangling")
    let keys = try await FolderStore().entries(root).map { String($0.key.dropFirst(root.count)) }
    #expect(keys == ["a/x.csv", "b/x.csv"])
  }

  @Test func `what is no folder is told`() async throws {
    let found = await failure { _ = try await FolderStore().entries("\(root)nowhere/x") }
    #expect(found?.kind == .noSuchBucket)
    #expect(found?.message == "There is no folder \(folder)/nowhere.")
  }
}
