/// What a client has done since it was made.
public struct HTTPCounters: Sendable, Hashable {
  /// Requests that went out, redirects and repetitions each counted.
  public var requests = 0
  public var connections = 0
  /// Of bodies, as sent and as handed to their readers.
  public var bytesSent = 0
  public var bytesReceived = 0

  public init() {}
}
