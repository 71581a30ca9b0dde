/// Values looked up in lists, versions as numbers, addresses.
extension FunctionTable {
  static let lookups: [FunctionDefinition] = [
    .scalar("transform", nulls: .own, returns: { (call) throws(QueryError) in
      _ = try call.element(1)
      let result = try call.element(2)
      let other = call.count > 3 ? call.type(3) : call.type(0)
      guard let type = result.widened(with: other) else {
        throw QueryError(
          "transform gives \(result.clickHouseName) for what it finds and \(other.clickHouseName) for the rest.",
          at: call.span, hint: "Give a default of the same type.")
      }
      return type
    }) { (call) throws(QueryError) in
      guard let from = try call.argument(1).arrayParts, let to = try call.argument(2).arrayParts,
        from.count == to.count
      else {
        throw call.error(1, "transform needs two lists of the same length, written out as [a, b].")
      }
      let otherwise = try call.sql(call.count > 3 ? 3 : 0, as: call.type)
      var branches: [SQLBranch] = []
      for (found, result) in zip(from, to) {
        let (left, right) = try call.lowering.operands(call.argument(0), found, .equal, call)
        branches.append(
          SQLBranch(when: left.equals(right), then: try call.lowering.convert(result, to: call.type)))
      }
      guard !branches.isEmpty else { return otherwise }
      let typed = call.lowering.needsCast(otherwise) ? otherwise.cast(to: call.type.postgres) : otherwise
      return .caseWhen(branches, otherwise: typed)
    },
    .scalar("sortablesemver", nulls: .never, returns: text(0, gives: .array(.int))) { (call) throws(QueryError) in
      .hogql("version_numbers", try call.filledText(0))
    },
    .scalar("cityHash64", arity: 1...Int.max, returns: .decimal(0)) { (call) throws(QueryError) in
      var result: SQLExpr?
      for index in call.arguments.indices {
        let hash = try call.cityHash(index)
        result = result.map { .hogql("city_mix", $0, hash) } ?? hash
      }
      return .hogql("unsigned", result ?? .null(.bigint))
    },
    .scalar("isIPv4String", returns: text(0, gives: .flag)) { (call) throws(QueryError) in
      try call.unlessNull(.hogql("ipv4_number", try call.text(0)).isNotNull)
    },
    .scalar("IPv4StringToNum", returns: text(0, gives: .int)) { (call) throws(QueryError) in
      .hogql("required", .hogql("ipv4_number", try call.text(0)), try call.text(0).cast(to: .text), .string("IPv4"))
    },
    .scalar("IPv4StringToNumOrDefault", returns: text(0, gives: .int)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("ipv4_number", try call.text(0)), .integer(0)))
    },
    .scalar("IPv4StringToNumOrNull", nulls: .own, returns: text(0, gives: .int.nullable)) { (call) throws(QueryError) in
      .hogql("ipv4_number", try call.text(0))
    },
    .scalar("IPv4NumToString", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .string
    }) { (call) throws(QueryError) in .hogql("ipv4_text", try call.bigint(0)) },
    .unsupported(
      "IPv4CIDRToRange", "IPv4ToIPv6", "IPv6CIDRToRange", "IPv6NumToString", "IPv6StringToNum",
      "IPv6StringToNumOrDefault", "IPv6StringToNumOrNull", "isIPAddressInRange", "isIPv6String", "toIPv4",
      "toIPv4OrDefault", "toIPv4OrNull", "toIPv4OrZero", "toIPv6", "toIPv6OrDefault", "toIPv6OrNull", "toIPv6OrZero",
      "extractIPv4Substrings", reason: "needs ClickHouse's types of IP addresses."),
    .unsupported("dynamicType", reason: "needs ClickHouse's Dynamic type."),
  ]
}

extension LoweringCall {
  /// ClickHouse's hash of one argument, as the bits of a bigint.
  fileprivate func cityHash(_ index: Int) throws(QueryError) -> SQLExpr {
    switch type(index).kind {
    case .string, .json: return .hogql("city_hash", try text(index).cast(to: .text))
    case .int, .bool, .flag: return .hogql("city_hash", try bigint(index).cast(to: .bigint))
    default:
      throw error(index, "cityHash64 takes text and integers here.", hint: "Convert it with toString or toInt.")
    }
  }
}
