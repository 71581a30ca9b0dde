/// How a client connects, how long it waits, and where it may go.
public struct HTTPOptions: Sendable {
  /// From the start until the connection stands: name, TCP, proxy and TLS.
  public var connectTimeout = Duration.seconds(15)
  /// From the request until the first line of the answer.
  public var firstByteTimeout = Duration.seconds(60)
  /// Without any byte of an answer that has begun. Time in which nobody reads the body does not count.
  public var stallTimeout = Duration.seconds(60)
  /// How many bytes of a body may wait for a slow reader; beyond it the sender is held back.
  public var bodyBuffer = 1 << 20
  public var redirectLimit = 5
  /// Off: HTTP/1.1 only.
  public var http2 = true
  /// Sent with requests that name none.
  public var userAgent = "hedgerow"
  /// PEM file with the authorities to trust in the place of the system's.
  public var authorities: String?
  public var proxies = HTTPProxies.none
  /// Hosts and networks beyond the public internet that may be connected to; see `AllowedHosts`.
  public var allowedHosts = AllowedHosts()

  public init() {}
}
