/// The forms that locations are written in.
extension ObjectLocation {
  static func s3(_ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    let (bucket, key) = split(rest)
    guard !bucket.isEmpty else { throw refusal("The location names no bucket.", "Write it as s3://bucket/folder/*.csv.") }
    guard let endpoint = fields.endpoint else { return try amazon(bucket, key, fields.region, fields) }
    return try other(try base(endpoint), bucket, key, fields)
  }

  static func google(_ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    let (bucket, key) = split(rest)
    guard !bucket.isEmpty else { throw refusal("The location names no bucket.", "Write it as gs://bucket/folder/*.csv.") }
    return try ObjectLocation(
      .s3(
        S3Place(
          service: .google, bucket: bucket, endpoint: try base(fields.endpoint ?? "https://storage.googleapis.com"),
          region: fields.region ?? "auto", usesVirtualHost: fields.usesVirtualHost ?? false)), key)
  }

  static func cloudflare(_ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    let (account, path) = split(rest)
    let (bucket, key) = split(path)
    guard !account.isEmpty, !bucket.isEmpty else {
      throw refusal("The location names no account or no bucket.", "Write it as r2://account/bucket/folder/*.csv.")
    }
    let endpoint = try base(fields.endpoint ?? "https://\(account).r2.cloudflarestorage.com")
    return try cloudflare(endpoint, bucket, key, fields)
  }

  static func azure(_ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    let (container, key) = split(rest)
    guard !container.isEmpty, let account = fields.account, !account.isEmpty else {
      throw refusal(
        "The location names no container, or there is no account.",
        "Write it as az://container/folder/*.csv and give the storage account as account=NAME.")
    }
    return try azure(account, container, key, fields)
  }

  /// `abfss://container@account.dfs.core.windows.net/path`
  static func dataLake(_ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    let (authority, key) = split(rest)
    guard let at = authority.firstIndex(of: "@") else { return try azure(rest, fields) }
    let host = authority[authority.index(after: at)...]
    guard let account = host.split(separator: ".").first, at > authority.startIndex else {
      throw refusal("The location names no account.", "Write it as abfss://container@account.dfs.core.windows.net/folder/*.csv.")
    }
    return try azure(String(account), String(authority[..<at]), key, fields)
  }

  static func file(_ rest: Substring) throws(ObjectStoreError) -> ObjectLocation {
    guard rest.hasPrefix("/") || rest.hasPrefix("localhost/") else {
      throw refusal("The location is no whole path.", "Write it with three slashes: file:///folder/*.csv.")
    }
    return try ObjectLocation(.folder, rest.drop { $0 != "/" }.drop { $0 == "/" })
  }

  /// An https address: of a service that is known by its host, or of another one that speaks S3.
  static func web(_ scheme: String, _ rest: Substring, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    guard !rest.contains("sig="), !rest.contains("X-Amz-Signature=") else {
      throw refusal(
        "The location holds a signature.", "Give the address without what follows the ?, and a SAS as sas=env:VARIABLE.")
    }
    let (authority, path) = split(rest)
    let host = authority.lowercased()
    guard !host.isEmpty, !host.contains("@") else {
      throw refusal("The location names no host, or holds a user.", "Give credentials as fields of their own.")
    }
    guard let decoded = PercentEncoding.decode(path) else {
      throw refusal("The location's path is no UTF-8 when it is decoded.", "Check its % signs.")
    }
    if let found = try known(host, decoded, fields) { return found }
    let (bucket, key) = split(decoded)
    guard !bucket.isEmpty else {
      throw refusal("The location names no bucket.", "Write it as https://host/bucket/folder/*.csv.")
    }
    return try other(fields.endpoint.map { endpoint throws(ObjectStoreError) in try base(endpoint) } ?? "\(scheme)://\(host)", bucket, key, fields)
  }

  private static func known(_ host: String, _ path: String, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation? {
    if host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn") { return try amazon(host: host, path, fields) }
    let (first, rest) = split(path)
    if host == "storage.googleapis.com" || host == "storage.cloud.google.com" { return try google(path[...], fields) }
    if host.hasSuffix(".storage.googleapis.com") {
      return try google("\(host.dropLast(".storage.googleapis.com".count))/\(path)", fields)
    }
    if host.hasSuffix(".r2.cloudflarestorage.com"), !first.isEmpty {
      return try cloudflare("https://\(host)", first, rest, fields)
    }
    for suffix in [".blob.core.", ".dfs.core."] {
      guard let range = host.firstRange(of: suffix), !first.isEmpty else { continue }
      // Sovereign clouds have other endings: core.chinacloudapi.cn, core.usgovcloudapi.net.
      let endpoint = "https://\(host[..<range.lowerBound]).blob.core.\(host[range.upperBound...])"
      return try azure(String(host[..<range.lowerBound]), first, rest, fields, endpoint: endpoint)
    }
    return nil
  }

  /// `bucket.s3.region.amazonaws.com`, `s3.region.amazonaws.com/bucket` and their older forms.
  private static func amazon(host: String, _ path: String, _ fields: Fields) throws(ObjectStoreError) -> ObjectLocation {
    var labels = host.split(separator: ".").map(String.init)
    labels.removeLast(host.hasSuffix(".cn") ? 3 : 2)
    guard let position = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }) else {
      throw refusal("\(host) is no address of S3.", "Write it as https://bucket.s3.region.amazonaws.com/folder/*.csv.")
    }
    var region = labels[(position + 1)...].first { $0 != "dualstack" }
    // `s3-eu-west-1`, but not `s3-external-1`, which is us-east-1.
    if labels[position].hasPrefix("s3-") {
      let old = String(labels[position].dropFirst(3))
      region = old.hasPrefix("external") ? "us-east-1" : old.hasPrefix("accelerate") ? nil : old
    }
    let bucket = labels[..<position].joined(separator: ".")
    if !bucket.isEmpty { return try amazon(bucket, path, fields.region ?? region, fields) }
    let (first, key) = split(path)
    guard !first.isEmpty else { throw refusal("The location names no bucket.", "Write it as s3://bucket/folder/*.csv.") }
    return try amazon(first, key, fields.region ?? region, fields)
  }

  private static func amazon(_ bucket: String, _ key: String, _ region: String?, _ fields: Fields) throws(ObjectStoreError)
    -> ObjectLocation
  {
    // With a dot in it the bucket's name fits no certificate.
    let fits = bucket.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    return try ObjectLocation(
      .s3(
        S3Place(
          service: .amazon, bucket: bucket, endpoint: fields.endpoint ?? "", region: region,
          usesVirtualHost: fields.usesVirtualHost ?? fits)), key)
  }

  private static func other(_ endpoint: String, _ bucket: String, _ key: String, _ fields: Fields) throws(ObjectStoreError)
    -> ObjectLocation
  {
    try ObjectLocation(
      .s3(
        S3Place(
          service: .other, bucket: bucket, endpoint: endpoint, region: fields.region,
          usesVirtualHost: fields.usesVirtualHost ?? false)), key)
  }

  private static func cloudflare(_ endpoint: String, _ bucket: String, _ key: String, _ fields: Fields)
    throws(ObjectStoreError) -> ObjectLocation
  {
    try ObjectLocation(
      .s3(
        S3Place(
          service: .cloudflare, bucket: bucket, endpoint: endpoint, region: fields.region ?? "auto",
          usesVirtualHost: fields.usesVirtualHost ?? false)), key)
  }

  private static func azure(
    _ account: String, _ container: String, _ key: String, _ fields: Fields, endpoint: String? = nil
  ) throws(ObjectStoreError) -> ObjectLocation {
    let own = endpoint ?? "https://\(account).blob.core.windows.net"
    let endpoint = if let given = fields.endpoint { try base(given) } else { own }
    return try ObjectLocation(.azure(AzurePlace(account: account, container: container, endpoint: endpoint)), key)
  }

  /// An endpoint without a slash at its end; `https` where it names no scheme.
  private static func base(_ endpoint: String) throws(ObjectStoreError) -> String {
    var text = endpoint.contains("://") ? endpoint : "https://\(endpoint)"
    while text.hasSuffix("/") { text.removeLast() }
    guard text.lowercased().hasPrefix("https://") || text.lowercased().hasPrefix("http://"), !text.contains("@"),
      !text.contains("?")
    else { throw refusal("The endpoint is no http or https address.", "Write it as https://minio.internal:9000.") }
    return text
  }
}
