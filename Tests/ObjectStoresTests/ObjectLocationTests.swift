import ObjectStores
import Testing

@Suite struct ObjectLocationTests {
  private static func amazon(_ bucket: String, _ region: String?, virtual: Bool = true) -> ObjectLocation.Place {
    .s3(S3Place(service: .amazon, bucket: bucket, endpoint: "", region: region, usesVirtualHost: virtual))
  }
  private static func google(_ bucket: String) -> ObjectLocation.Place {
    .s3(S3Place(service: .google, bucket: bucket, endpoint: "https://storage.googleapis.com", region: "auto", usesVirtualHost: false))
  }
  private static func cloudflare(_ host: String, _ bucket: String) -> ObjectLocation.Place {
    .s3(S3Place(service: .cloudflare, bucket: bucket, endpoint: "https://\(host).r2.cloudflarestorage.com", region: "auto", usesVirtualHost: false))
  }
  private static func other(_ endpoint: String, _ bucket: String) -> ObjectLocation.Place {
    .s3(S3Place(service: .other, bucket: bucket, endpoint: endpoint, region: nil, usesVirtualHost: false))
  }
  private static func azure(_ account: String, _ container: String, _ ending: String = "windows.net") -> ObjectLocation.Place {
    .azure(AzurePlace(account: account, container: container, endpoint: "https://\(account).blob.core.\(ending)"))
  }

  @Test(arguments: [
    ("s3://b/x/*.csv", amazon("b", nil), "x/*.csv"), ("S3A://b/x?.csv", amazon("b", nil), "x?.csv"),
    ("s3://b.dotted/x", amazon("b.dotted", nil, virtual: false), "x"), ("s3://b//x", amazon("b", nil), "/x"),
    ("s3://b/a%20b", amazon("b", nil), "a%20b"),
    ("https://b.s3.eu-west-1.amazonaws.com/x/**", amazon("b", "eu-west-1"), "x/**"),
    ("https://b.s3.amazonaws.com/a%20b+c", amazon("b", nil), "a b+c"),
    ("https://b.s3-eu-west-1.amazonaws.com/x", amazon("b", "eu-west-1"), "x"),
    ("https://a.b.s3.dualstack.us-east-2.amazonaws.com/x", amazon("a.b", "us-east-2", virtual: false), "x"),
    ("https://s3.eu-west-1.amazonaws.com/b/x", amazon("b", "eu-west-1"), "x"),
    ("https://s3.amazonaws.com/b/x", amazon("b", nil), "x"),
    ("https://b.s3.cn-north-1.amazonaws.com.cn/x", amazon("b", "cn-north-1"), "x"),
    ("gs://b/x", google("b"), "x"), ("https://storage.googleapis.com/b/x", google("b"), "x"),
    ("https://b.storage.googleapis.com/x/y", google("b"), "x/y"),
    ("r2://acct/b/x", cloudflare("acct", "b"), "x"), ("https://acct.r2.cloudflarestorage.com/b/x", cloudflare("acct", "b"), "x"),
    ("https://acct.eu.r2.cloudflarestorage.com/b/x", cloudflare("acct.eu", "b"), "x"),
    ("https://acct.blob.core.windows.net/c/x", azure("acct", "c"), "x"),
    ("https://acct.dfs.core.windows.net/c/x", azure("acct", "c"), "x"),
    ("https://acct.blob.core.chinacloudapi.cn/c/x", azure("acct", "c", "chinacloudapi.cn"), "x"),
    ("abfss://c@acct.dfs.core.windows.net/x/y", azure("acct", "c"), "x/y"),
    ("wasbs://c@acct.blob.core.windows.net/x", azure("acct", "c"), "x"),
    ("file:///data/**/*.parquet", .folder, "data/**/*.parquet"), ("file://localhost/x", .folder, "x"),
    ("http://127.0.0.1:9000/b/x", other("http://127.0.0.1:9000", "b"), "x"),
    ("https://minio.internal/b/a%2Fb", other("https://minio.internal", "b"), "a/b"),
  ])
  func `a URL says where objects lie`(url: String, place: ObjectLocation.Place, pattern: String) throws {
    let location = try ObjectLocation(url)
    #expect(location.place == place)
    #expect(location.pattern == pattern)
  }

  @Test func `fields say what the URL does not`() throws {
    let minio = try ObjectLocation("s3://b/x", .init(endpoint: "minio:9000/", region: "r", usesVirtualHost: true))
    #expect(minio.place == .s3(S3Place(service: .other, bucket: "b", endpoint: "https://minio:9000", region: "r", usesVirtualHost: true)))
    #expect(try ObjectLocation("az://c/x", .init(account: "acct")).place == Self.azure("acct", "c"))
    #expect(
      try ObjectLocation("az://c/x", .init(endpoint: "http://127.0.0.1:10000/acct", account: "acct")).place
        == .azure(AzurePlace(account: "acct", container: "c", endpoint: "http://127.0.0.1:10000/acct")))
    #expect(try ObjectLocation("s3://b/x", .init(region: "eu-west-1")).place == Self.amazon("b", "eu-west-1"))
  }

  @Test(arguments: [
    "b/x", "s3://", "s3://b", "s3://b/", "s3:///x", "ftp://b/x", "az://c/x", "r2://acct", "file://x/y", "https://host",
    "https://host/b", "https://host/b/", "https://user@host/b/x", "abfss://@acct/x", "gs:///x", "https://b.amazonaws.com/x",
    "https://acct.blob.core.windows.net/c/x?sv=2021&sig=s3cr3t", "s3://b/x\ny", "file:///",
  ])
  func `a URL that does not say it is refused`(url: String) {
    let found = #expect(throws: ObjectStoreError.self) { try ObjectLocation(url) }
    #expect(found?.kind == .badLocation)
    #expect(found?.hint != nil)
    #expect(found?.description.contains("s3cr3t") == false)
  }
}
