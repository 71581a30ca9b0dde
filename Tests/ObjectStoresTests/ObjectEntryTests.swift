import ObjectStores
import Testing

@Suite struct ObjectEntryTests {
  @Test func `two versions of an object differ`() {
    let first = ObjectEntry(key: "a.csv", size: 3, etag: "1", modified: nil)
    #expect(first != ObjectEntry(key: "a.csv", size: 3, etag: "2", modified: nil))
  }
}
