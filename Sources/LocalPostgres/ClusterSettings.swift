/// The settings of a private cluster, as the text of a configuration file.
struct ClusterSettings: Equatable {
  var values: [String: String]

  init(_ own: [String: String], access: ClusterAccess, port: Int, socketFolder: String) {
    values = own
    values["listen_addresses"] = values["listen_addresses"] ?? access.listenAddresses
    values["port"] = String(port)
    // A list of quoted names.
    values["unix_socket_directories"] = #""\#(socketFolder.replacing("\"", with: "\"\""))""#
    values["unix_socket_permissions"] = "0700"
    if access == .loopback(.password) { values["password_encryption"] = "scram-sha-256" }
  }

  /// `off` only where losing the cluster to a power cut does not matter.
  static func areDurable(_ values: [String: String]) -> Bool { values["fsync"] != "off" }

  var text: String {
    let lines = values.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.quoted($0.value))" }
    return "# Written by Hedgerow at each start.\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ value: String) -> String {
    "'\(value.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
  }
}
