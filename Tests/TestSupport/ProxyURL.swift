/// Leads a libpq URI to a proxy.
enum ProxyURL {
  /// Puts 127.0.0.1 and the port in the place of host and port, wherever the URI names them.
  static func rewrite(_ original: String, port: Int) -> String {
    guard let scheme = original.firstRange(of: "://") else {
      preconditionFailure("a proxy can stand in for a postgresql:// URI only")
    }
    let rest = original[scheme.upperBound...]
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let user = path[0].lastIndex(of: "@").map { path[0][...$0] } ?? ""
    let database = path.count > 1 ? "/\(path[1])" : ""
    let options = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { option in
      !["host", "hostaddr", "port"].contains(option.prefix { $0 != "=" })
    }
    let query = options.isEmpty ? "" : "?\(options.joined(separator: "&"))"
    return "\(original[..<scheme.upperBound])\(user)127.0.0.1:\(port)\(database)\(query)"
  }
}
