import ConnectorKit
import Formats
import HTTP
import ObjectStores
import Secrets

/// What a listing found.
struct BucketListing: Sendable {
  var files: [ObjectEntry] = []
  var tables: Set<TableFolder> = []
}

/// Where a bucket's files lie, and the store that hands them out.
struct BucketPlace: Sendable {
  let store: any ObjectStore
  /// For people: `the bucket orders of Amazon S3`.
  let title: String
  /// What a cursor belongs to: the place and the pattern.
  let identity: String
  let isPattern: Bool
  /// The pattern as it was given, without what leads to the bucket.
  let patternText: String
  /// The address that `patternText` is below of, as other tools write it: `s3://orders/`.
  let base: String
  private let pattern: KeyPattern
  private let client: HTTPClient?

  /// Where the listing begins, for errors.
  var prefix: String { pattern.prefixes.map(name).joined(separator: ", ") }

  /// A file's name for people.
  func name(_ key: String) -> String { store is FolderStore ? "/\(key)" : key }

  /// The folder that all files are below; of a pattern without wildcards, what it names. Without a slash at its end.
  var root: String {
    guard pattern.prefixes.count == 1, let prefix = pattern.prefixes.first else { return "" }
    if pattern.isLiteral { return String(prefix.reversed().drop { $0 == "/" }.reversed()) }
    return prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
  }

  init(kind: String, _ settings: ConnectorSettings) throws {
    do {
      let fields = settings.fields
      let location = try ObjectLocation(fields["url"] ?? "", Self.fields(fields))
      try Self.check(location, kind)
      pattern = try KeyPattern(location.pattern)
      isPattern = !pattern.isLiteral
      patternText = location.pattern
      switch location.place {
      case .s3(let place):
        let client = HTTPClient(try Self.options(settings))
        (store, self.client) = (S3Store(place, try Self.credentials(settings), HTTPRetry(client)), client)
        title = "the bucket \(place.bucket) \(place.endpoint.isEmpty ? "of Amazon S3" : "at \(place.endpoint)")"
        base = "\(place.service == .google ? "gs" : "s3")://\(place.bucket)/"
        identity = "\(place.endpoint)/\(place.bucket)/\(location.pattern)"
      case .azure(let place):
        let client = HTTPClient(try Self.options(settings))
        (store, self.client) = (try AzureStore(place, try Self.azureCredentials(settings), HTTPRetry(client)), client)
        title = "the container \(place.container) of \(place.account)"
        base = "abfss://\(place.container)@\(place.account).dfs.core.windows.net/"
        identity = "\(place.endpoint)/\(place.container)/\(location.pattern)"
      case .folder:
        (store, client) = (FolderStore(), nil)
        title = "files of this machine"
        base = "file:///"
        identity = "file:///\(location.pattern)"
      }
    } catch {
      throw BucketFailure.explain(error, nil)
    }
  }

  /// What lies below the pattern: the files that it names, and tables whose own files were seen on the way.
  func listing() async throws -> BucketListing {
    let found = Found()
    for prefix in pattern.prefixes {
      try await store.list(prefix: prefix) { page in
        await found.add(page.filter { pattern.matches($0.key) }, of: page)
        return true
      }
    }
    return await found.listing
  }

  func close() async { client?.close() }

  private actor Found {
    var listing = BucketListing()

    func add(_ matching: [ObjectEntry], of page: [ObjectEntry]) {
      listing.files += matching
      listing.tables.formUnion(TableFolder.recognise(paths: page.map(\.key).filter { $0.contains("_delta_log/") || $0.contains("metadata/") }))
    }
  }

  private static func options(_ settings: ConnectorSettings) throws -> HTTPOptions {
    var options = HTTPOptions()
    options.proxies = .fromEnvironment()
    if let allowed = settings.allowedHosts { options.allowedHosts = try AllowedHosts(allowed) }
    return options
  }

  private static func fields(_ fields: [String: String]) -> ObjectLocation.Fields {
    let pathStyle = fields["path_style"].map { ["on", "true", "yes", "1"].contains($0.lowercased()) }
    return ObjectLocation.Fields(endpoint: fields["endpoint"], region: fields["region"], account: fields["account"], usesVirtualHost: pathStyle.map { !$0 })
  }

  /// The kind that was chosen and the URL must mean the same place: a key belongs to one of them.
  private static func check(_ location: ObjectLocation, _ kind: String) throws(ConnectorError) {
    let fits =
      switch location.place {
      case .s3(let place):
        switch place.service {
        case .google: kind == "gcs"
        case .cloudflare: kind == "r2"
        case .amazon, .other: kind == "s3"
        }
      case .azure: kind == "azure"
      case .folder: kind == "file"
      }
    guard !fits else { return }
    throw ConnectorError(.unusable, "url= does not name a place of the kind \(kind)", hint: "hedgerow kinds lists the kinds, and hedgerow kinds \(kind) its form.")
  }

  private static func credentials(_ settings: ConnectorSettings) throws(ConnectorError) -> S3Store.Credentials? {
    let key = settings.fields["key"].flatMap { $0.isEmpty ? nil : $0 }
    switch (key, settings.secrets["secret"]) {
    case (nil, nil): return nil
    case (let key?, let secret?): return S3Store.Credentials(key: Secret(key), secret: secret, sessionToken: settings.secrets["session_token"])
    case (nil, _?): throw ConnectorError(.unusable, "secret= is given without key=", hint: "Give both, or none of them for a public bucket.")
    case (_?, nil): throw ConnectorError(.unusable, "key= is given without secret=", hint: "Give both, or none of them for a public bucket.")
    }
  }

  private static func azureCredentials(_ settings: ConnectorSettings) throws(ConnectorError) -> AzureStore.Credentials {
    if let key = settings.secrets["key"] { return .key(key) }
    if let sas = settings.secrets["sas"] { return .sas(sas) }
    return .none
  }
}
