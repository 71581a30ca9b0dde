import Crypto
import FoundationEssentials
import TestSupport

/// Answers as Azure's blob storage does: it works the signature out again from what arrived, by the documented rules.
struct AzureServer: Sendable {
  static let account = "devaccount"
  static let key = Data("not a real key, 32 bytes of text".utf8).base64EncodedString()
  static let sas = "sv=2021-08-06&sp=rl&sig=s3cr3t%2Bsig%3D"
  static let blobs: [(name: String, text: String)] = [
    ("a b.csv", "1"), ("a+b%20c.csv", "22"), ("dt=2024-01-01/x&y.csv", "333"), ("folder/größe.csv", "4444"), ("z.csv", "zzzzz"),
  ]

  static func answer(_ request: TestHTTPRequest) -> TestHTTPAnswer {
    guard isAuthorized(request) else {
      return error(403, "AuthenticationFailed", detail: "The MAC signature found in the HTTP request is not the same.")
    }
    let path = TestHTTPRequest.decode(request.path, plus: false)
    guard path.hasPrefix("/box") else { return error(404, "ContainerNotFound") }
    if request.parameter("comp") == "list" { return list(request) }
    guard let blob = blobs.first(where: { "/box/\($0.name)" == path }) else { return error(404, "BlobNotFound") }
    if let tag = request.header("If-Match"), tag != "\"0x\(blob.text.count)\"" { return error(412, "ConditionNotMet") }
    return content(Array(blob.text.utf8), request.header("Range"))
  }

  static func error(_ status: Int, _ code: String, detail: String = "") -> TestHTTPAnswer {
    TestHTTPAnswer(
      status, headers: [("x-ms-error-code", code)],
      text: "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><AuthenticationErrorDetail>\(detail)</AuthenticationErrorDetail></Error>")
  }

  private static func content(_ bytes: [UInt8], _ range: String?) -> TestHTTPAnswer {
    let headers = [(name: "ETag", value: "\"0x\(bytes.count)\"")]
    guard let parts = range?.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false) else {
      return TestHTTPAnswer(headers: headers, body: bytes)
    }
    let start = Int(parts[0])!
    let end = Int(parts[1]).map { $0 + 1 } ?? bytes.count
    return TestHTTPAnswer(
      206, headers: headers + [("Content-Range", "bytes \(start)-\(end - 1)/\(bytes.count)")], body: Array(bytes[start..<end]))
  }

  /// Two a page, an empty page with a marker after the first, and a folder as data-lake accounts list it.
  private static func list(_ request: TestHTTPRequest) -> TestHTTPAnswer {
    let found = blobs.filter { $0.name.hasPrefix(request.parameter("prefix") ?? "") }
    let marker = request.parameter("marker") ?? "0"
    let start = marker == "2/empty=" ? found.count : Int(marker.prefix { $0 != "+" }) ?? 0
    if marker == "2/empty=" { return page([], next: "2+full") }
    let shown = Array(found.dropFirst(start).prefix(2))
    let next = start + 2 >= found.count ? "" : start == 0 ? "2/empty=" : "\(start + 2)+full"
    return page(shown, next: next)
  }

  private static func page(_ shown: [(name: String, text: String)], next: String) -> TestHTTPAnswer {
    let items = shown.map { blob in
      let escaped = blob.name.replacing("&", with: "&amp;")
      return """
        <Blob><Name>\(escaped)</Name><Properties><Last-Modified>Mon, 27 Jul 2009 12:28:53 GMT</Last-Modified>\
        <Etag>0x\(blob.text.utf8.count)</Etag><Content-Length>\(blob.text.utf8.count)</Content-Length></Properties></Blob>
        """
    }
    let folder = "<Blob><Name>folder</Name><Properties><ResourceType>directory</ResourceType><Content-Length>0</Content-Length></Properties></Blob>"
    return TestHTTPAnswer(
      text: "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>\(items.joined())\(folder)</Blobs><NextMarker>\(next)</NextMarker></EnumerationResults>")
  }

  private static func isAuthorized(_ request: TestHTTPRequest) -> Bool {
    guard let given = request.header("Authorization") else { return request.queryText.hasSuffix(sas) }
    func value(_ name: String) -> String { request.header(name) ?? "" }
    var text = "GET\n\n\n\n\n\n\n"
    text += "\(value("If-Modified-Since"))\n\(value("If-Match"))\n\(value("If-None-Match"))\n\(value("If-Unmodified-Since"))\n\(value("Range"))\n"
    text += "x-ms-date:\(value("x-ms-date"))\nx-ms-version:\(value("x-ms-version"))\n"
    text += "/\(account)\(request.path)"
    for (name, value) in request.query.sorted(by: { $0.name < $1.name }) { text += "\n\(name):\(value)" }
    let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(base64Encoded: key)!))
    return given == "SharedKey \(account):\(Data(code).base64EncodedString())"
  }
}
