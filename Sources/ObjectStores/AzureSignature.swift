import Crypto
import FoundationEssentials
import Secrets

/// Azure's signature with the account's key.
/// See https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
struct AzureSignature: Sendable {
  let account: String
  private let key: SymmetricKey

  /// - Returns: nil when the key is no base64.
  init?(account: String, key: Secret) {
    guard let data = key.withExposed({ Data(base64Encoded: $0) }), !data.isEmpty else { return nil }
    self.account = account
    self.key = SymmetricKey(data: data)
  }

  /// The value of `Authorization` for a request without a body.
  ///
  /// - Parameters:
  ///   - path: percent-encoded, as it is sent.
  ///   - query: not encoded.
  ///   - headers: all that are sent and count, `x-ms-date` and `x-ms-version` among them.
  func authorization(
    _ method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)]
  ) -> String {
    let text = stringToSign(method, path: path, query: query, headers: headers)
    let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    return "SharedKey \(account):\(Data(code).base64EncodedString())"
  }

  func stringToSign(
    _ method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)]
  ) -> String {
    let lowered = headers.map { (name: $0.name.lowercased(), value: $0.value) }
    func value(_ name: String) -> String { lowered.first { $0.name == name }?.value ?? "" }
    // Content-Length is empty where it is zero; Date is, since x-ms-date is there.
    let standard = [
      "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
      "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
    ].map(value)
    let own = lowered.filter { $0.name.hasPrefix("x-ms-") }.sorted { $0.name < $1.name }
      .map { "\($0.name):\($0.value)" }
    let parameters = query.map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
      .map { "\n\($0.name):\($0.value)" }.joined()
    return ([method] + standard + own + ["/\(account)\(path)\(parameters)"]).joined(separator: "\n")
  }
}
