/// Parts of URLs.
extension FunctionTable {
  static let urls: [FunctionDefinition] =
    parts + [
      .scalar("firstSignificantSubdomain", returns: text(0)) { (call) throws(QueryError) in
        .call("split_part", .hogql("registered_domain", .hogql("domain", try call.text(0))), .string("."), .integer(1))
      },
      .scalar("cutToFirstSignificantSubdomain", returns: text(0)) { (call) throws(QueryError) in
        .hogql("registered_domain", .hogql("domain_without_www", try call.text(0)))
      },
      .scalar("cutToFirstSignificantSubdomainWithWWW", returns: text(0)) { (call) throws(QueryError) in
        .hogql("registered_domain", .hogql("domain", try call.text(0)))
      },
      .scalar("port", returns: { (call) throws(QueryError) in
        try call.requireString(0)
        try call.requireNumeric(1)
        return .int
      }) { (call) throws(QueryError) in
        .hogql("port", try call.text(0), call.count > 1 ? try call.bigint(1) : .integer(0))
      },
      .scalar("extractURLParameter", returns: text(0, 1)) { (call) throws(QueryError) in
        .hogql("url_parameter", try call.text(0), try call.text(1))
      },
      .scalar("extractURLParameters", nulls: .never, returns: text(0, gives: .array(.string))) {
        (call) throws(QueryError) in .hogql("url_parameters", try call.filledText(0))
      },
      .scalar("extractURLParameterNames", nulls: .never, returns: text(0, gives: .array(.string))) {
        (call) throws(QueryError) in .hogql("url_parameter_names", try call.filledText(0))
      },
      .scalar("cutURLParameter", returns: text(0)) { (call) throws(QueryError) in
        guard let names = try call.argument(1).constant, case .array(let values) = names else {
          guard call.type(1).isString else { throw call.error(1, "The parameters must be constant strings.") }
          return .hogql("cut_url_parameter", try call.text(0), try call.text(1))
        }
        var url = try call.text(0)
        for name in values {
          guard let name = name.string else { throw call.error(1, "The parameters must be constant strings.") }
          url = .hogql("cut_url_parameter", url, .string(name))
        }
        return url
      },
      .scalar("URLHierarchy", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
        .hogql("url_hierarchy", try call.filledText(0))
      },
      .scalar("URLPathHierarchy", nulls: .never, returns: text(0, gives: .array(.string))) {
        (call) throws(QueryError) in .hogql("url_path_hierarchy", try call.filledText(0))
      },
      .scalar("decodeURLFormComponent", returns: text(0)) { (call) throws(QueryError) in
        .hogql("decode_url", .call("replace", try call.text(0), .string("+"), .string(" ")))
      },
      .scalar("encodeURLFormComponent", returns: text(0)) { (call) throws(QueryError) in
        .call("replace", .hogql("encode_url", try call.text(0)), .string("%20"), .string("+"))
      },
      .unsupported("cutIPv6", reason: "needs raw bytes of an IPv6 address, which no text can hold."),
    ]

  /// One URL in, one part out: the function and its name in the runtime.
  private static let parts: [FunctionDefinition] = [
    ("domain", "domain"), ("domainWithoutWWW", "domain_without_www"), ("topLevelDomain", "top_level_domain"),
    ("protocol", "protocol"), ("path", "path"), ("pathFull", "path_full"), ("queryString", "query_string"),
    ("fragment", "fragment"), ("queryStringAndFragment", "query_string_and_fragment"),
    ("cutQueryString", "cut_query_string"), ("cutFragment", "cut_fragment"),
    ("cutQueryStringAndFragment", "cut_query_string_and_fragment"), ("cutWWW", "cut_www"), ("netloc", "netloc"),
    ("decodeURLComponent", "decode_url"), ("encodeURLComponent", "encode_url"),
  ].map { name, function in
    .scalar(name, returns: text(0)) { (call) throws(QueryError) in .hogql(function, try call.text(0)) }
  }
}
