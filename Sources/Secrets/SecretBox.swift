public import Crypto
import FoundationEssentials

/// Encrypts credentials for the catalogue with AES-256-GCM. The key is never in the database.
///
/// A sealed value is `0x01`, then nonce (12 bytes), ciphertext and tag (16 bytes); the name of the source is
/// authenticated with it, so that a sealed value moved to another source does not open.
public struct SecretBox: Sendable {
  private let key: SymmetricKey

  public init(key: SymmetricKey) { self.key = key }

  /// - Parameter base64: the key's 32 bytes, as in `HEDGEROW_SECRET_KEY`.
  public init(base64: String) throws(SecretError) {
    let text = base64.trimmingWhitespace
    guard let data = Data(base64Encoded: text), data.count == 32 else { throw .badKey }
    key = SymmetricKey(data: data)
  }

  public static func makeKey() -> String {
    SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
  }

  /// Encrypts the fields of one source, by name.
  public func seal(_ fields: [String: String], for context: String) throws(SecretError) -> [UInt8] {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let plain = try encoder.encode(fields)
      let box = try AES.GCM.seal(plain, using: key, authenticating: Data(context.utf8))
      guard let combined = box.combined else { throw SecretError.cannotOpen(source: context) }
      return [1] + combined
    } catch { throw .cannotOpen(source: context) }
  }

  /// - Throws: `.cannotOpen` when the key is another one, or the value was changed or belongs to another source.
  public func open(_ sealed: [UInt8], for context: String) throws(SecretError) -> [String: Secret] {
    guard sealed.first == 1 else { throw .cannotOpen(source: context) }
    do {
      let box = try AES.GCM.SealedBox(combined: Data(sealed.dropFirst()))
      let plain = try AES.GCM.open(box, using: key, authenticating: Data(context.utf8))
      return try JSONDecoder().decode([String: String].self, from: plain).mapValues { Secret($0) }
    } catch { throw .cannotOpen(source: context) }
  }
}

public enum SecretError: Error, Sendable, Equatable {
  case badKey
  case cannotOpen(source: String)
  case unreadable(path: String, reason: String)
  case missing(reference: String)

  public var message: String {
    switch self {
    case .badKey: "the secret key is not base64 of 32 bytes"
    case .cannotOpen(let source): "the stored credentials of \(source) cannot be decrypted with this secret key"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .missing(let reference): "\(reference) is not set"
    }
  }

  public var hint: String {
    switch self {
    case .badKey: "Make one with: head -c 32 /dev/urandom | base64"
    case .cannotOpen(let source):
      "Set HEDGEROW_SECRET_KEY or HEDGEROW_SECRET_KEY_FILE to the key that was in use when the source was linked, or give its credentials again with: hedgerow set \(source) password=env:VARIABLE"
    case .unreadable: "Check the path and its permissions."
    case .missing: "Set it in the environment of this command."
    }
  }
}

extension String {
  var trimmingWhitespace: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
