public import HTTP
public import Secrets
import Synchronization

/// A bucket of S3 or of what speaks its protocol.
public final class S3Store: ObjectStore {
  /// What proves who asks; none of it for a bucket that all may read.
  public struct Credentials: Sendable {
    public var key: Secret
    public var secret: Secret
    public var sessionToken: Secret?

    public init(key: Secret, secret: Secret, sessionToken: Secret? = nil) {
      self.key = key
      self.secret = secret
      self.sessionToken = sessionToken
    }
  }

  private let place: S3Place
  private let credentials: Credentials?
  private let sender: any HTTPSending
  private let clock: any RetryClock
  private let pageSize: Int
  /// The bucket's region, once an answer has told it.
  private let foundRegion = Mutex<String?>(nil)

  /// - Parameter sender: tries again by itself what a store asks to be tried later (`HTTPRetry`).
  public init(
    _ place: S3Place, _ credentials: Credentials?, _ sender: any HTTPSending, clock: any RetryClock = SystemRetryClock(),
    pageSize: Int = 1000
  ) {
    self.place = place
    self.credentials = credentials
    self.sender = sender
    self.clock = clock
    self.pageSize = pageSize
  }

  /// See https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  public func list(prefix: String, page: @Sendable ([ObjectEntry]) async throws -> Bool) async throws {
    try await ListingPages(container: place.bucket, clock: clock).forEach(page) { token in
      var query = [("list-type", "2"), ("max-keys", "\(pageSize)"), ("encoding-type", "url"), ("prefix", prefix)]
      if let token { query.append(("continuation-token", token)) }
      let response = try await exchange("", query.map { (name: $0.0, value: $0.1) }, [], .listing)
      return try S3Listing(try await response.body.collect(upTo: 64 << 20), bucket: place.bucket)
    }
  }

  public func open(_ entry: ObjectEntry, from offset: Int64) async throws -> any ObjectReader {
    try await ResumingReader.open(entry, from: offset, clock: clock) { try await self.get(entry, nil, from: $0) }
  }

  public func read(_ entry: ObjectEntry, _ range: Range<Int64>) async throws -> [UInt8] {
    try await ObjectBody.read(entry, range, clock: clock) { try await get(entry, $0, from: $0.lowerBound) }
  }

  private func get(_ entry: ObjectEntry, _ range: Range<Int64>?, from offset: Int64) async throws -> any HTTPBody {
    let response = try await exchange(entry.key, [], ObjectBody.headers(entry, range, from: offset), .reading(entry.key))
    try ObjectBody.check(response, entry, from: offset, isRange: range != nil || offset > 0)
    return response.body
  }

  /// The answer to a GET, with a status of success. A bucket that lies in another region is asked there.
  private func exchange(
    _ key: String, _ query: [(name: String, value: String)], _ headers: [(name: String, value: String)],
    _ purpose: S3Failure.Purpose
  ) async throws -> HTTPResponse {
    for attempt in 1...2 {
      let region = foundRegion.withLock { $0 } ?? place.region
      let request = request(key, query, headers, region)
      let response: HTTPResponse
      do { response = try await sender.send(request) } catch {
        guard let failure = error as? HTTPError else { throw error }
        throw ObjectStoreError(failure, reading: purpose.what(place.bucket))
      }
      if response.status == 200 || response.status == 206 { return response }
      let body = (try? await response.body.collect(upTo: 1 << 20)) ?? []
      let failure = S3Failure(response, body, place, purpose, hasCredentials: credentials != nil, now: clock.now())
      guard attempt == 1, let other = failure.region, other != region, place.service == .amazon || place.service == .other
      else { throw failure.error }
      foundRegion.withLock { $0 = other }
    }
    preconditionFailure("the second attempt ends with a return or an error")
  }

  private func request(
    _ key: String, _ query: [(name: String, value: String)], _ headers: [(name: String, value: String)], _ region: String?
  ) -> HTTPRequest {
    let target = S3Target(place, region: region)
    let path = target.path(key)
    let queryText = SigV4.canonicalQuery(query)
    var headers = headers
    if let credentials {
      let signer = SigV4(
        key: credentials.key, secret: credentials.secret, sessionToken: credentials.sessionToken,
        region: region ?? "us-east-1")
      headers = signer.headers(
        for: SigV4.Request(host: target.host, path: path, query: queryText, headers: headers), at: clock.now())
    }
    // Or Google unpacks what is stored packed, and sizes and ranges fit no more. It changes this header on its way, so
    // that it must not be signed.
    if place.service == .google { headers.append(("Accept-Encoding", "gzip")) }
    var request = HTTPRequest(
      "GET", "\(target.scheme)://\(target.host)\(path)\(queryText.isEmpty ? "" : "?\(queryText)")", headers: headers)
    request.followsRedirects = false
    return request
  }
}

/// Where requests for a bucket go.
struct S3Target: Equatable {
  let scheme: String
  let host: String
  /// Before the key, with a slash at its end.
  let base: String

  init(_ place: S3Place, region: String?) {
    var endpoint = place.endpoint
    if endpoint.isEmpty {
      let region = region ?? "us-east-1"
      endpoint = "https://s3.\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
    }
    let schemeEnd = endpoint.firstRange(of: "://")!
    scheme = String(endpoint[..<schemeEnd.lowerBound])
    let (host, path) = ObjectLocation.split(endpoint[schemeEnd.upperBound...])
    let root = path.isEmpty ? "/" : "/\(path)/"
    self.host = place.usesVirtualHost ? "\(place.bucket).\(host)" : host
    base = place.usesVirtualHost ? root : "\(root)\(PercentEncoding.encode(place.bucket))/"
  }

  /// Percent-encoded; that of the bucket itself has no slash at its end, save the root.
  func path(_ key: String) -> String {
    guard key.isEmpty else { return base + PercentEncoding.encode(key, keepingSlash: true) }
    return base == "/" ? base : String(base.dropLast())
  }
}
