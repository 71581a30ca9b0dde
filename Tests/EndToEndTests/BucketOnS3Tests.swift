import TestSupport
import Testing

/// A bucket of a real server that speaks S3 and checks every signature, through the program.
@Suite(.serialized, .enabled(if: MotoPython.isThere, "\(MotoPython.absence)")) struct BucketOnS3Tests {
  private let bucket: BucketFixture
  private let server: S3Server

  init() throws {
    bucket = try BucketFixture()
    try bucket.write("orders/a b+c.csv", "id,note\n1,a\n")
    try bucket.write("orders/größe.csv", "id,note\n2,b\n")
    try bucket.copy("iceberg/wh", to: "wh")
    server = try S3Server(bucket.folder)
  }

  private func link(_ url: String, _ user: S3Server.User, _ more: String..., expecting exit: Int32 = 0, at location: SourceLocation = #_sourceLocation)
    async throws -> HedgerowProcess.Result
  {
    try await bucket.hedgerow(["link", "s3", "files", "url=\(url)"] + server.fields(user) + more, expecting: exit, at: location)
  }

  @Test func `a bucket is linked and loaded, page by page, and an Iceberg table by its own files`() async throws {
    _ = try await link("s3://lake/orders/*.csv", server.all, "provenance=on")
    try await bucket.sync()
    #expect(try bucket.rows("id, note, _hedgerow_file") == ["1|a|orders/a b+c.csv", "2|b|orders/größe.csv"])
    try await bucket.hedgerow(["unlink", "files"])

    #expect(try await link("s3://lake/many/*", server.all).stdout.contains("1500 files match"))
    try await bucket.sync()
    #expect(try bucket.warehouse("SELECT count(*), sum(id) FROM warehouse.files") == "1500|1124250")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|0|0|0|0")
    try await bucket.hedgerow(["unlink", "files"])

    #expect(try await link("s3://lake/wh/test/evolved", server.all).stdout.contains("is an Iceberg table"))
    try await bucket.sync()
    try await bucket.expectRows("iceberg/evolved")
  }

  @Test func `wrong keys, missing rights and missing buckets are told apart, and no secret is shown`() async throws {
    let wrong = S3Server.User(key: server.all.key, secret: "wrong-secret-of-a-test")
    let refused = try await link("s3://lake/orders/*.csv", wrong, expecting: 1)
    #expect(refused.stderr.contains("secret"))
    #expect(!(refused.stdout + refused.stderr).contains("wrong-secret-of-a-test"))
    let unknown = try await link("s3://lake/orders/*.csv", S3Server.User(key: "AKIANOBODY", secret: "x"), expecting: 1)
    #expect(unknown.stderr.contains("key"))
    let missing = try await link("s3://nothing/orders/*.csv", server.all, expecting: 2)
    #expect(missing.stderr.contains("nothing"))
    let mayNotRead = try await link("s3://lake/orders/*.csv", server.lister, expecting: 1)
    #expect(mayNotRead.stderr.contains("read"), "\(mayNotRead.stderr)")
    let half = try await bucket.hedgerow(["link", "s3", "files", "url=s3://lake/orders/*.csv", "endpoint=\(server.endpoint)", "key=x"], expecting: 2)
    #expect(half.stderr.contains("key= is given without secret="))
    #expect(try bucket.warehouse("SELECT count(*) FROM hedgerow.source") == "0")
  }
}
