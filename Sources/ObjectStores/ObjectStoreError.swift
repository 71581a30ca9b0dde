public import HTTP

/// What went wrong with a bucket, a container or a folder. Holds no credential.
public struct ObjectStoreError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// The store does not know the access key or the account.
    case unknownKey
    /// The secret, the account key or the SAS does not fit.
    case wrongSecret
    /// Temporary credentials have run out.
    case expired
    case mayNotList
    case mayNotRead
    case noSuchBucket
    case noSuchObject
    case wrongRegion
    /// This machine's clock is too far from the store's.
    case clockSkew
    /// The store asks to come back later.
    case busy
    /// The object is not in the version any more that was listed.
    case changed
    /// The object lies in an archive and must be restored before it can be read.
    case archived
    /// The store's answer is not what its protocol promises.
    case malformed
    /// No answer, or a broken one: the network's error.
    case network(HTTPError.Kind)
    /// The location, the pattern or an option cannot be used as it is.
    case badLocation
    /// Anything else that the store says, by its own code.
    case refused(code: String)
  }

  public var kind: Kind
  /// One sentence: what happened, to what.
  public var message: String
  /// What to do about it.
  public var hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// Whether the same may succeed when it is simply tried again. After `.changed` the listing must be made again too.
  public var isTransient: Bool {
    switch kind {
    case .busy, .changed: true
    case .network(let kind): HTTPError(kind, "").isTransient
    default: false
    }
  }

  init(_ error: HTTPError, reading what: String) {
    self.init(.network(error.kind), "\(what) could not be read: \(error.message)", hint: error.hint)
  }

  static func changed(_ key: String) -> ObjectStoreError {
    ObjectStoreError(.changed, "\(key) changed while it was read.", hint: "It is read again in its new version.")
  }
}

extension ObjectStoreError: CustomStringConvertible {
  public var description: String { hint.map { "\(message) \($0)" } ?? message }
}
