public import HTTP
public import Secrets

/// A container of Azure's blob storage.
public final class AzureStore: ObjectStore {
  public enum Credentials: Sendable {
    /// The storage account's key, in base64.
    case key(Secret)
    /// A shared access signature: the query `sv=…&sig=…`, with or without its `?`.
    case sas(Secret)
    /// For a container that all may read.
    case none
  }

  private let place: AzurePlace
  private let signature: AzureSignature?
  private let sas: Secret?
  private let sender: any HTTPSending
  private let clock: any RetryClock
  private let pageSize: Int

  /// - Parameter sender: tries again by itself what a store asks to be tried later (`HTTPRetry`).
  /// - Throws: `.wrongSecret` for an account key that is no base64.
  public init(
    _ place: AzurePlace, _ credentials: Credentials, _ sender: any HTTPSending,
    clock: any RetryClock = SystemRetryClock(), pageSize: Int = 5000
  ) throws(ObjectStoreError) {
    self.place = place
    self.sender = sender
    self.clock = clock
    self.pageSize = pageSize
    switch credentials {
    case .key(let key):
      guard let signature = AzureSignature(account: place.account, key: key) else {
        throw ObjectStoreError(
          .wrongSecret, "The account key of \(place.account) is no base64.",
          hint: "Copy the key whole from the storage account's access keys.")
      }
      self.signature = signature
      sas = nil
    case .sas(let sas):
      signature = nil
      self.sas = sas
    case .none:
      signature = nil
      sas = nil
    }
  }

  /// See https://learn.microsoft.com/rest/api/storageservices/list-blobs
  public func list(prefix: String, page: @Sendable ([ObjectEntry]) async throws -> Bool) async throws {
    try await ListingPages(container: place.container, clock: clock).forEach(page) { marker in
      var query = [("comp", "list"), ("maxresults", "\(pageSize)"), ("prefix", prefix), ("restype", "container")]
      if let marker { query.append(("marker", marker)) }
      let response = try await exchange(nil, query.map { (name: $0.0, value: $0.1) }, [])
      return try AzureListing(try await response.body.collect(upTo: 64 << 20), container: place.container)
    }
  }

  public func open(_ entry: ObjectEntry, from offset: Int64) async throws -> any ObjectReader {
    try await ResumingReader.open(entry, from: offset, clock: clock) { try await self.get(entry, nil, from: $0) }
  }

  public func read(_ entry: ObjectEntry, _ range: Range<Int64>) async throws -> [UInt8] {
    try await ObjectBody.read(entry, range, clock: clock) { try await get(entry, $0, from: $0.lowerBound) }
  }

  private func get(_ entry: ObjectEntry, _ range: Range<Int64>?, from offset: Int64) async throws -> any HTTPBody {
    let response = try await exchange(entry.key, [], ObjectBody.headers(entry, range, from: offset))
    try ObjectBody.check(response, entry, from: offset, isRange: range != nil || offset > 0)
    return response.body
  }

  /// The answer to a GET, with a status of success.
  /// - Parameter key: nil for the container itself.
  private func exchange(
    _ key: String?, _ query: [(name: String, value: String)], _ headers: [(name: String, value: String)]
  ) async throws -> HTTPResponse {
    let what = key.map { "\($0) in the container \(place.container)" } ?? "The list of the container \(place.container)"
    let response: HTTPResponse
    do { response = try await sender.send(request(key, query, headers)) } catch {
      guard let failure = error as? HTTPError else { throw error }
      throw ObjectStoreError(failure, reading: what)
    }
    if response.status == 200 || response.status == 206 { return response }
    let body = (try? await response.body.collect(upTo: 1 << 20)) ?? []
    throw AzureFailure(place: place, key: key, what: what, credential: signature != nil ? .key : sas != nil ? .sas : .none)
      .error(response, body)
  }

  private func request(
    _ key: String?, _ query: [(name: String, value: String)], _ given: [(name: String, value: String)]
  ) -> HTTPRequest {
    let (origin, root) = split(place.endpoint)
    let path = "\(root)/\(PercentEncoding.encode(place.container))"
      + (key.map { "/" + PercentEncoding.encode($0, keepingSlash: true) } ?? "")
    var headers = given
    headers.append(("x-ms-date", Moment(seconds: clock.now()).http))
    headers.append(("x-ms-version", "2021-08-06"))
    if let signature {
      headers.append(("Authorization", signature.authorization("GET", path: path, query: query, headers: headers)))
    }
    var parts = query.isEmpty ? [] : [SigV4.canonicalQuery(query)]
    if let sas { parts.append(sas.withExposed { $0.hasPrefix("?") ? String($0.dropFirst()) : $0 }) }
    var request = HTTPRequest("GET", "\(origin)\(path)\(parts.isEmpty ? "" : "?\(parts.joined(separator: "&"))")", headers: headers)
    request.followsRedirects = false
    return request
  }

  /// Scheme and host, and the path before the container.
  private func split(_ endpoint: String) -> (origin: String, root: String) {
    let start = endpoint.firstRange(of: "://")?.upperBound ?? endpoint.startIndex
    guard let slash = endpoint[start...].firstIndex(of: "/") else { return (endpoint, "") }
    return (String(endpoint[..<slash]), String(endpoint[slash...]))
  }
}
