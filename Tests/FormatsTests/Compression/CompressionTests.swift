import Formats
import Testing

@Suite struct CompressionTests {
  @Test(arguments: [
    ("a.csv.gz", Compression.gzip), ("a.CSV.GZ", .gzip), ("a.zst", .zstd), ("a.json.br", .brotli), ("a.lz4", .lz4),
    ("a.bz2", .bzip2), ("a.xz", .xz), ("a.csv", .none), ("gz", .none), ("a.snappy", .snappy), ("dir.gz/a", .none),
  ])
  func `a name promises a compression by its ending`(name: String, expected: Compression) {
    #expect(Compression.named(name) == expected)
  }

  @Test func `the name without its ending tells the format`() {
    #expect(Compression.stripped("2024/orders.csv.gz") == "2024/orders.csv")
    #expect(Compression.stripped("orders.csv") == "orders.csv")
  }

  @Test func `what the bytes say counts more than what the name says`() {
    #expect(Compression.detect(head: Array("id,name\n1,a\n".utf8), name: "a.csv.gz") == .none)
    #expect(Compression.detect(head: Array("PAR1\u{15}\u{4}".utf8), name: "a.parquet.zst") == .none)
    #expect(Compression.detect(head: Array("PAR1\u{15}\u{4}".utf8), name: "a.parquet.br") == .none)
    #expect(Compression.detect(head: [0x1F, 0x8B, 8, 0], name: "a.csv") == .gzip)
    #expect(Compression.detect(head: Array(#"{"id":1}"#.utf8), name: "a.json.br") == .none)
    #expect(Compression.detect(head: Array("größe,naïve\nü".utf8.dropLast()), name: "a.csv.br") == .none)
  }

  @Test func `text that begins like zlib's header is text`() {
    #expect(Compression.detect(head: Array("x^2,y\n1,2\n".utf8), name: "a.csv") == .none)
    #expect(Compression.detect(head: [], name: "a.csv.gz") == .none)
  }
}
