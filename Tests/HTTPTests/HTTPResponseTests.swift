import HTTP
import Testing

@Suite struct HTTPResponseTests {
  private struct Nothing: HTTPBody {
    func next() async throws -> [UInt8]? { nil }
  }

  @Test func `a header is found whatever its case, the first of two`() {
    let response = HTTPResponse(status: 200, headers: [("ETag", "a"), ("etag", "b")], body: Nothing())
    #expect(response.header("eTaG") == "a")
    #expect(response.header("Last-Modified") == nil)
  }
}
