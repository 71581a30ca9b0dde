/// Who may come in to a private cluster. Its Unix socket lies in a folder of the server's user alone.
public enum ClusterAccess: Sendable, Equatable {
  /// Through the Unix socket only, without a password.
  case socket
  /// Through the socket, and over TCP on 127.0.0.1: without a password, for tests, or with a role's own.
  case loopback(Authentication)

  public enum Authentication: String, Sendable {
    case trust
    case password = "scram-sha-256"
  }

  /// The text of `pg_hba.conf`.
  var rules: String {
    var lines = [
      "# Written by Hedgerow when it made this cluster.", "local all all trust", "local replication all trust",
    ]
    if case .loopback(let authentication) = self {
      lines += [
        "host all all 127.0.0.1/32 \(authentication.rawValue)",
        "host replication all 127.0.0.1/32 \(authentication.rawValue)",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  var listenAddresses: String { self == .socket ? "" : "127.0.0.1" }
}
