/// Hexadecimal, Base64, hashes, and numbers as people read them.
extension FunctionTable {
  static let encodings: [FunctionDefinition] = [
    .scalar("hex", returns: .string) { (call) throws(QueryError) in try call.hexadecimal() },
    .scalar("unhex", returns: text(0)) { (call) throws(QueryError) in .hogql("unhex", try call.text(0)) },
    .scalar("base64Encode", returns: text(0)) { (call) throws(QueryError) in
      .hogql("base64_encode", try call.text(0))
    },
    .scalar("base64Decode", returns: text(0)) { (call) throws(QueryError) in
      let text = try call.text(0).cast(to: .text)
      return .hogql("required", .hogql("base64_decode", text), text, .string("string: it is not Base64"))
    },
    .scalar("tryBase64Decode", returns: text(0)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("base64_decode", try call.text(0)), .string("")))
    },
    .scalar("md5", arity: 1...1, returns: text(0)) { (call) throws(QueryError) in
      .call("upper", .call("md5", try call.text(0)))
    },
    // Its result is 16 bytes, which no text can hold: hex reads the call itself.
    .scalar("MD5", returns: text(0)) { (call) throws(QueryError) in
      throw QueryError(
        "MD5 gives bytes, which no text can hold.", at: call.span, hint: "Write hex(MD5(x)), or md5(x).")
    },
    .unsupported(
      "base58Encode", "base58Decode", "tryBase58Decode", reason: "needs Base58, which Postgres has not."),
  ]

  static let readable: [FunctionDefinition] = [
    ("formatReadableQuantity", "quantity_in_words"), ("formatReadableSize", "size_in_words"),
    ("formatReadableDecimalSize", "decimal_size_in_words"),
  ].map { name, function in
    FunctionDefinition.scalar(name, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .string
    }) { (call) throws(QueryError) in .hogql(function, try call.float(0)) }
  } + [
    .scalar("formatReadableTimeDelta", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .string
    }) { (call) throws(QueryError) in
      var unit = call.count > 1 ? try call.constantString(1) : "years"
      guard ["years", "months", "days", "hours", "minutes", "seconds"].contains(unit) else {
        throw call.error(1, "The largest unit must be years, months, days, hours, minutes or seconds.")
      }
      unit.removeLast()
      return .hogql("duration_in_words", try call.float(0), .string(unit))
    },
  ]
}

extension LoweringCall {
  fileprivate func hexadecimal() throws(QueryError) -> SQLExpr {
    if case .call(let inner) = try argument(0).kind, inner.name == "MD5", let value = inner.arguments.first {
      return .call("upper", .call("md5", try lowering.text(value)))
    }
    switch type(0).kind {
    case .null: return .null(.text)
    case .string, .json: return .hogql("hex", try text(0).cast(to: .text))
    case .int, .bool, .flag: return .hogql("hex", try bigint(0).cast(to: .bigint))
    case .float: return .hogql("hex", try typed(0))
    case .dateTime(0, _):
      return .hogql("hex", SQLExpr.extract("EPOCH", try sql(0)).cast(to: .bigint))
    case .uuid: return .call("upper", .call("replace", try text(0), .string("-"), .string("")))
    default: throw error(0, "hex of \(type(0).clickHouseName) is not supported.", hint: "Convert it with toString.")
    }
  }
}
