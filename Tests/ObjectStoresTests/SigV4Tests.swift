@testable import ObjectStores
import Secrets
import Testing

/// The signatures that Amazon publishes: its test suite for version 4, and the examples of S3's reference.
@Suite struct SigV4Tests {
  private static let suite = SigV4(
    key: Secret("AKIDEXAMPLE"), secret: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), region: "us-east-1",
    service: "service")
  private static let example = SigV4(
    key: Secret("AKIAIOSFODNN7EXAMPLE"), secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), region: "us-east-1")

  struct Case: Sendable {
    var name: String
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ""
    var signed: String
    var signature: String
  }

  private static let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

  static let cases = [
    Case(
      name: "get-vanilla", signed: "host;x-amz-date",
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    Case(
      name: "get-unreserved", path: "/\(unreserved)", signed: "host;x-amz-date",
      signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    Case(
      name: "get-utf8", path: "/ሴ", signed: "host;x-amz-date",
      signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    Case(
      name: "get-vanilla-empty-query-key", query: [("Param1", "value1")], signed: "host;x-amz-date",
      signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    Case(
      name: "get-vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
      signed: "host;x-amz-date", signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    Case(
      name: "get-vanilla-query-unreserved", query: [(unreserved, unreserved)], signed: "host;x-amz-date",
      signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    Case(
      name: "get-vanilla-utf8-query", query: [("ሴ", "bar")], signed: "host;x-amz-date",
      signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    Case(
      name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
      signed: "host;my-header1;my-header2;x-amz-date",
      signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    Case(
      name: "post-vanilla", method: "POST", signed: "host;x-amz-date",
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    Case(
      name: "post-x-www-form-urlencoded", method: "POST", headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: "Param1=value1", signed: "content-type;host;x-amz-date",
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
  ]

  @Test(arguments: cases)
  func `the test suite's signatures come out`(one: Case) {
    let request = SigV4.Request(
      method: one.method, host: "example.amazonaws.com", path: PercentEncoding.encode(one.path, keepingSlash: true),
      query: SigV4.canonicalQuery(one.query), headers: one.headers, body: Array(one.body.utf8))
    let headers = Self.suite.sign(request, one.headers, at: 1_440_938_160)
    #expect(
      headers.last?.value
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=\(one.signed), Signature=\(one.signature)", "\(one.name)")
  }

  @Test func `a session token is sent and signed`() {
    var signer = Self.suite
    signer.sessionToken = Secret("6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267")
    let headers = signer.sign(SigV4.Request(host: "example.amazonaws.com", path: "/"), [], at: 1_440_938_160)
    #expect(
      headers.last?.value.hasSuffix(
        "SignedHeaders=host;x-amz-date;x-amz-security-token, "
          + "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8") == true)
    #expect(headers.contains { $0.name == "x-amz-security-token" })
  }

  @Test(arguments: [
    (
      "/test.txt", [(name: String, value: String)](), [(name: "Range", value: "bytes=0-9")],
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    ),
    (
      "/", [(name: "lifecycle", value: "")], [],
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    ),
    (
      "/", [(name: "prefix", value: "J"), (name: "max-keys", value: "2")], [],
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    ),
    // Not published; computed with Amazon's own library for Python.
    (
      "/",
      [
        (name: "list-type", value: "2"), (name: "continuation-token", value: "1/a+b=="),
        (name: "prefix", value: "dt=2024-01-01/"), (name: "encoding-type", value: "url"),
      ], [], "5d0b687c4550dc053e13e882064c8fa09b855d8a1425988733db2a5ffd85d2d5"
    ),
  ])
  func `the signatures of S3's reference come out`(
    path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)], signature: String
  ) {
    let request = SigV4.Request(
      host: "examplebucket.s3.amazonaws.com", path: path, query: SigV4.canonicalQuery(query), headers: headers)
    let sent = Self.example.headers(for: request, at: 1_369_353_600)
    #expect(sent.last?.value.hasSuffix(", Signature=\(signature)") == true)
    #expect(sent.contains { $0.name == "x-amz-date" && $0.value == "20130524T000000Z" })
  }

  @Test func `an odd key with a token is signed as Amazon's library does`() {
    var signer = Self.example
    signer.sessionToken = Secret("TOKEN/+=")
    let request = SigV4.Request(
      host: "examplebucket.s3.amazonaws.com", path: PercentEncoding.encode("/a b+c%d//€=(x)", keepingSlash: true),
      headers: [("If-Match", "\"x\"")])
    #expect(request.path == "/a%20b%2Bc%25d//%E2%82%AC%3D%28x%29")
    #expect(
      signer.headers(for: request, at: 1_369_353_600).last?.value.hasSuffix(
        "Signature=a4fbfecd37eb72d9874b586345dddf60545612ec4a9a7e37a2c75b28b7273c73") == true)
  }
}
