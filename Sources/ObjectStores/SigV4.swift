import Crypto
import Secrets

/// Amazon's signature for one request, version 4, as headers.
///
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. For S3 a path is encoded once.
struct SigV4: Sendable {
  let key: Secret
  let secret: Secret
  var sessionToken: Secret?
  let region: String
  var service = "s3"

  /// One request as it will be sent.
  struct Request {
    var method = "GET"
    /// With the port, where it is not the scheme's own.
    var host: String
    /// Percent-encoded.
    var path: String
    /// Encoded and sorted by `canonicalQuery`.
    var query = ""
    /// What is sent besides, and signed too.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
  }

  /// Everything to send: the request's own headers, the signature's, and `Authorization`; not `Host`.
  ///
  /// - Parameter seconds: since 1970.
  func headers(for request: Request, at seconds: Int) -> [(name: String, value: String)] {
    var headers = request.headers
    headers.append(("x-amz-content-sha256", hex(SHA256.hash(data: request.body))))
    return sign(request, headers, at: seconds)
  }

  /// The same without the header that only S3 asks for.
  func sign(_ request: Request, _ given: [(name: String, value: String)], at seconds: Int) -> [(
    name: String, value: String
  )] {
    let moment = Moment(seconds: seconds)
    var headers = given
    headers.append(("x-amz-date", moment.basic))
    if let sessionToken { headers.append(("x-amz-security-token", sessionToken.withExposed { $0 })) }
    let signed = ([("host", request.host)] + headers).map { (name: $0.name.lowercased(), value: folded($0.value)) }
      .sorted { $0.name < $1.name }
    let names = signed.map(\.name).joined(separator: ";")
    let canonical = [
      request.method, request.path, request.query, signed.map { "\($0.name):\($0.value)\n" }.joined(), names,
      hex(SHA256.hash(data: request.body)),
    ].joined(separator: "\n")
    let scope = "\(moment.dayText)/\(region)/\(service)/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(moment.basic)\n\(scope)\n\(hex(SHA256.hash(data: Array(canonical.utf8))))"
    let signature = hex(mac(text, signingKey(moment.dayText)))
    let credential = "\(key.withExposed { $0 })/\(scope)"
    headers.append(
      ("Authorization", "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(names), Signature=\(signature)"))
    return headers
  }

  /// Names and values encoded, sorted by name and value, each with its `=`.
  static func canonicalQuery(_ parameters: [(name: String, value: String)]) -> String {
    parameters.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private func signingKey(_ day: String) -> [UInt8] {
    var key = secret.withExposed { Array("AWS4\($0)".utf8) }
    for part in [day, region, service, "aws4_request"] { key = Array(mac(part, key)) }
    return key
  }

  private func mac(_ text: String, _ key: [UInt8]) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key))
  }

  /// Without blanks at its ends, and with one in the place of several.
  private func folded(_ value: String) -> String { value.split(separator: " ").joined(separator: " ") }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
