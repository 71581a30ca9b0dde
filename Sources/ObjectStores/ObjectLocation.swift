/// Where objects lie, as a user's URL says it: which store, and which keys in it.
public struct ObjectLocation: Sendable, Hashable {
  public enum Place: Sendable, Hashable {
    /// S3 and what speaks its protocol.
    case s3(S3Place)
    case azure(AzurePlace)
    /// The folders of this machine; keys are paths without their leading slash.
    case folder
  }

  public var place: Place
  /// For `KeyPattern`; not percent-encoded.
  public var pattern: String

  /// What the URL itself does not say.
  public struct Fields: Sendable {
    /// Another service that speaks S3, or another address of Azure's: `https://minio.internal:9000`.
    public var endpoint: String?
    public var region: String?
    /// The storage account, for `az://container/…`.
    public var account: String?
    /// Whether the bucket is part of the host's name. Nil: as the service has it.
    public var usesVirtualHost: Bool?

    public init(
      endpoint: String? = nil, region: String? = nil, account: String? = nil, usesVirtualHost: Bool? = nil
    ) {
      self.endpoint = endpoint
      self.region = region
      self.account = account
      self.usesVirtualHost = usesVirtualHost
    }
  }

  /// Understands `s3://bucket/…`, `gs://bucket/…`, `r2://account/bucket/…`, `az://container/…` (with the account as a
  /// field), `abfss://container@account.dfs.core.windows.net/…`, `file:///…`, the https addresses of all of these,
  /// and `https://host/bucket/…` of any other service that speaks S3.
  ///
  /// - Throws: `ObjectStoreError` of kind `.badLocation`.
  public init(_ url: String, _ fields: Fields = Fields()) throws(ObjectStoreError) {
    guard let separator = url.firstRange(of: "://") else {
      throw Self.refusal(
        "The location has no scheme.", "Write it as s3://bucket/folder/*.csv, gs://…, az://…, https://… or file:///folder/*.csv.")
    }
    let scheme = url[..<separator.lowerBound].lowercased()
    let rest = url[separator.upperBound...]
    guard !rest.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
      throw Self.refusal("The location holds a control character.", "Check it for a line break.")
    }
    switch scheme {
    case "s3", "s3a", "s3n": self = try .s3(rest, fields)
    case "gs", "gcs": self = try .google(rest, fields)
    case "r2": self = try .cloudflare(rest, fields)
    case "az", "azure": self = try .azure(rest, fields)
    case "abfss", "abfs", "wasbs", "wasb": self = try .dataLake(rest, fields)
    case "https", "http": self = try .web(scheme, rest, fields)
    case "file": self = try .file(rest)
    default:
      throw Self.refusal(
        "The location's scheme \(scheme):// is not known.", "Write it as s3://, gs://, r2://, az://, abfss://, https:// or file:///.")
    }
  }

  init(_ place: Place, _ pattern: some StringProtocol) throws(ObjectStoreError) {
    guard !pattern.isEmpty else {
      throw Self.refusal("The location names no object.", "Add a pattern, such as folder/*.csv or **.")
    }
    self.place = place
    self.pattern = String(pattern)
  }

  static func refusal(_ message: String, _ hint: String) -> ObjectStoreError {
    ObjectStoreError(.badLocation, message, hint: hint)
  }

  /// What stands before the first slash, and after it.
  static func split(_ text: some StringProtocol) -> (head: String, rest: String) {
    guard let slash = text.firstIndex(of: "/") else { return (String(text), "") }
    return (String(text[..<slash]), String(text[text.index(after: slash)...]))
  }
}

/// A bucket of a service that speaks S3.
public struct S3Place: Sendable, Hashable {
  public enum Service: Sendable, Hashable {
    case amazon, google, cloudflare, other
  }

  public var service: Service
  public var bucket: String
  /// Scheme, host and port, such as `https://minio.internal:9000`. Amazon's is made from the region.
  public var endpoint: String
  /// Nil: found out from Amazon's answers.
  public var region: String?
  /// Whether the bucket is part of the host's name.
  public var usesVirtualHost: Bool

  public init(service: Service, bucket: String, endpoint: String, region: String?, usesVirtualHost: Bool) {
    self.service = service
    self.bucket = bucket
    self.endpoint = endpoint
    self.region = region
    self.usesVirtualHost = usesVirtualHost
  }
}

/// A container of Azure's blob storage.
public struct AzurePlace: Sendable, Hashable {
  public var account: String
  public var container: String
  /// Scheme, host and port, such as `https://account.blob.core.windows.net`; with the account as its path where an
  /// emulator wants it so.
  public var endpoint: String

  public init(account: String, container: String, endpoint: String) {
    self.account = account
    self.container = container
    self.endpoint = endpoint
  }
}
