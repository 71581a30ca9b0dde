// Arrays: what is in them and how they are put together. Functions with lambdas and sums are in the files beside this.

extension FunctionTable {
  static let arrays: [FunctionDefinition] =
    sizes + membershipTests + arrayParts + madeArrays + lambdaArrays + foundElements + arraySums + arrayRuns + vectors

  private static let sizes: [FunctionDefinition] = [
    .scalar("length", returns: { (call) throws(QueryError) in try sized(call, .int) }) { (call) throws(QueryError) in
      switch call.type(0).kind {
      case .array: return SQLExpr.call("cardinality", try call.sql(0)).cast(to: .bigint)
      case .map: return .hogql("map_size", try call.sql(0))
      default: return SQLExpr.call("octet_length", try call.text(0)).cast(to: .bigint)
      }
    },
    .scalar("empty", returns: { (call) throws(QueryError) in try sized(call, .flag) }) { (call) throws(QueryError) in
      try call.compareToEmpty(.equal)
    },
    .scalar("notEmpty", returns: { (call) throws(QueryError) in try sized(call, .flag) }) {
      (call) throws(QueryError) in try call.compareToEmpty(.notEqual)
    },
  ]

  private static let membershipTests: [FunctionDefinition] = [
    .scalar("has", nulls: .never, returns: { (call) throws(QueryError) in try member(call, .flag) }) {
      (call) throws(QueryError) in
      let (array, value) = try call.arrayAndElement()
      if call.mayBeNull(1) || call.type(1).isNullConstant { return .call("array_position", array, value).isNotNull }
      return array.op(.contains, .array([value]))
    },
    .scalar("indexOf", nulls: .never, returns: { (call) throws(QueryError) in try member(call, .int) }) {
      (call) throws(QueryError) in
      let (array, value) = try call.arrayAndElement()
      return SQLExpr.coalesce(.call("array_position", array, value), .integer(0)).cast(to: .bigint)
    },
    .scalar("countEqual", nulls: .never, returns: { (call) throws(QueryError) in try member(call, .int) }) {
      (call) throws(QueryError) in
      let (array, value) = try call.arrayAndElement()
      return .hogql("count_equal", array, value)
    },
    .scalar("hasAny", nulls: .never, returns: { (call) throws(QueryError) in try commonArray(call, .flag) }) {
      (call) throws(QueryError) in
      try call.compareArrays(.overlaps, withNulls: "has_any")
    },
    .scalar("hasAll", nulls: .never, returns: { (call) throws(QueryError) in try commonArray(call, .flag) }) {
      (call) throws(QueryError) in
      try call.compareArrays(.contains, withNulls: "has_all")
    },
    .scalar("hasSubstr", nulls: .never, returns: { (call) throws(QueryError) in try commonArray(call, .flag) }) {
      (call) throws(QueryError) in .hogql("has_run", try call.commonArrays())
    },
  ]

  private static let arrayParts: [FunctionDefinition] = [
    .scalar("arraySlice", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireNumeric(1, 2)
      return .array(try call.element(0))
    }) { (call) throws(QueryError) in
      let isOpen = call.count < 3 || call.type(2).isNullConstant
      return .hogql(
        "array_slice", try call.sql(0), try call.bigint(1), isOpen ? .null(.bigint) : try call.bigint(2))
    },
    .scalar("arrayPopBack", nulls: .never, returns: { (call) throws(QueryError) in .array(try call.element(0)) }) {
      (call) throws(QueryError) in
      .hogql("array_slice", try call.sql(0), .integer(1), .integer(-1))
    },
    .scalar("arrayPopFront", nulls: .never, returns: { (call) throws(QueryError) in .array(try call.element(0)) }) {
      (call) throws(QueryError) in
      .slice(try call.sql(0), from: .integer(2), to: nil)
    },
    same("arrayReverse", "array_reverse"), same("arrayDistinct", "array_distinct"),
    same("arrayCompact", "array_compact"),
    .scalar("arrayRotateLeft", nulls: .never, returns: { (call) throws(QueryError) in .array(try call.element(0)) }) {
      (call) throws(QueryError) in
      .hogql("array_rotated", try call.sql(0), try call.bigint(1))
    },
    .scalar("arrayRotateRight", nulls: .never, returns: { (call) throws(QueryError) in .array(try call.element(0)) }) {
      (call) throws(QueryError) in
      .hogql("array_rotated", try call.sql(0), .unary(.negate, try call.bigint(1)))
    },
    .scalar("arrayResize", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireNumeric(1)
      guard call.count > 2 else { return .array(try call.element(0)) }
      return try member(call, .array(HogQLType.widened([call.element(0), call.type(2)]) ?? .null), at: 2)
    }) { (call) throws(QueryError) in
      let element = call.type.element ?? .null
      let filler = call.count > 2 ? try call.sql(2, as: element) : call.defaultValue(element)
      return .hogql("array_resize", try call.sql(0, as: call.type), try call.bigint(1), call.toStorage(filler, element))
    },
    .scalar("arrayFlatten", nulls: .never, returns: { (call) throws(QueryError) in
      var element = try call.element(0)
      while let inner = element.element { element = inner }
      return .array(element)
    }) { (call) throws(QueryError) in try call.flattened() },
    .scalar("arrayIntersect", nulls: .never, returns: { (call) throws(QueryError) in
      .array(try commonArray(call, nil))
    }) { (call) throws(QueryError) in
      let arrays = try call.commonArrays()
      guard let first = arrays.first else { return .emptyArray(of: .text) }
      if arrays.count == 1 { return .hogql("array_intersect", first, first) }
      return arrays.dropFirst().reduce(first) { .hogql("array_intersect", $0, $1) }
    },
    .scalar("arrayStringConcat", returns: { (call) throws(QueryError) in
      _ = try call.element(0)
      try call.requireString(1)
      return .string
    }) { (call) throws(QueryError) in
      let element = call.type(0).element ?? .string
      var texts = try call.sql(0)
      if element.kind != .string, !element.isNullConstant {
        texts = try call.mapArray(texts, of: element) { (value, _) throws(QueryError) in
          call.lowering.text(value, of: element)
        }
      }
      return .call("array_to_string", texts, call.count > 1 ? try call.sql(1) : .string(""))
    },
  ]

  private static let madeArrays: [FunctionDefinition] = [
    .scalar("arrayConcat", nulls: .never, returns: { (call) throws(QueryError) in
      .array(try commonArray(call, nil))
    }) { (call) throws(QueryError) in
      let arrays = try call.commonArrays()
      return arrays.dropFirst().reduce(arrays.first ?? .emptyArray(of: .text)) { $0.op(.concat, $1) }
    },
    .scalar("arrayPushBack", nulls: .never, returns: { (call) throws(QueryError) in try pushed(call) }) {
      (call) throws(QueryError) in
      let (array, value) = try call.arrayAndElement()
      return .call("array_append", array, value)
    },
    .scalar("arrayPushFront", nulls: .never, returns: { (call) throws(QueryError) in try pushed(call) }) {
      (call) throws(QueryError) in
      let (array, value) = try call.arrayAndElement()
      return .call("array_prepend", value, array)
    },
    .scalar("arrayWithConstant", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .array(call.type(1))
    }) { (call) throws(QueryError) in
      let size = SQLExpr.call("greatest", try call.integer(0), .integer(0))
      return .call("array_fill", call.toStorage(try call.sql(1), call.type(1)), .array([size]))
    },
    .scalar("range", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1, 2)
      return .array(.int)
    }) { (call) throws(QueryError) in
      let start = call.count > 1 ? try call.bigint(0) : SQLExpr.integer(0)
      let end = try call.bigint(call.count > 1 ? 1 : 0)
      return .hogql("range", start, end, call.count > 2 ? try call.bigint(2) : .integer(1))
    },
    .scalar("arrayEnumerate", nulls: .never, returns: { (call) throws(QueryError) in
      _ = try call.element(0)
      return .array(.int)
    }) { (call) throws(QueryError) in
      .hogql("range", .integer(1), SQLExpr.call("cardinality", try call.sql(0)).op(.add, .integer(1)), .integer(1))
    },
    .scalar("arrayZip", nulls: .never, returns: { (call) throws(QueryError) in
      var elements: [HogQLType] = []
      for index in call.arguments.indices { elements.append(try call.element(index)) }
      return .array(.tuple(elements))
    }) { (call) throws(QueryError) in
      let rows = try call.elementRows(from: 0)
      var parts: [SQLExpr] = []
      for (value, index) in zip(rows.values, call.arguments.indices) {
        parts.append(call.encode(value, call.type(index).element ?? .null))
      }
      return rows.array(.call("jsonb_build_array", parts))
    },
  ]

  private static func sized(_ call: TypingCall, _ type: HogQLType) throws(QueryError) -> HogQLType {
    switch call.type(0).kind {
    case .string, .json, .array, .map, .null: return type
    default: throw call.wrongType(0, expected: "a string, an array or a map")
    }
  }

  /// A value beside an array: both must have a common type.
  static func member(_ call: TypingCall, _ type: HogQLType, at index: Int = 1) throws(QueryError) -> HogQLType {
    let element = try call.element(0)
    guard element.widened(with: call.type(index)) != nil else {
      throw call.wrongType(index, expected: "of the array's type, \(element.clickHouseName)")
    }
    return type
  }

  private static func pushed(_ call: TypingCall) throws(QueryError) -> HogQLType {
    let element = try call.element(0)
    return try member(call, .array(element.widened(with: call.type(1)) ?? element))
  }

  /// The common element type of all arguments, or `type` when they have one.
  static func commonArray(_ call: TypingCall, _ type: HogQLType?) throws(QueryError) -> HogQLType {
    for index in call.arguments.indices { _ = try call.element(index) }
    let element = try call.widened().element ?? .null
    return type ?? element
  }

  /// A function of one array that gives an array of the same type.
  private static func same(_ name: String, _ runtime: String) -> FunctionDefinition {
    .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in
      let element = try call.element(0)
      return .array(name == "arrayDistinct" ? element.notNull : element)
    }) {
      (call) throws(QueryError) in .hogql(runtime, try call.sql(0))
    }
  }
}

extension LoweringCall {
  fileprivate func compareToEmpty(_ comparison: SQLOperator) throws(QueryError) -> SQLExpr {
    switch type(0).kind {
    case .array: SQLExpr.call("cardinality", try sql(0)).op(comparison, .integer(0))
    case .map: try sql(0).op(comparison, .cast(.string("{}"), .jsonb))
    default: try text(0).op(comparison, .string(""))
    }
  }

  /// The array and the value beside it in the type that both have in common, as the array stores it.
  fileprivate func arrayAndElement() throws(QueryError) -> (array: SQLExpr, value: SQLExpr) {
    let element = type(0).element ?? .null
    let common = element.widened(with: type(1)) ?? element
    let value = try sql(1, as: common)
    return (try sql(0, as: .array(common)), value == .null ? .null(common.arrayStorage) : toStorage(value, common))
  }

  /// All arguments as arrays of the element type that they have in common.
  fileprivate func commonArrays() throws(QueryError) -> [SQLExpr] {
    guard let common = HogQLType.widened(arguments.map(\.type)) else { return try all() }
    var arrays: [SQLExpr] = []
    for index in arguments.indices { arrays.append(try sql(index, as: common)) }
    return arrays
  }

  /// An operator of Postgres that knows no NULL elements, or the function of the runtime that does.
  fileprivate func compareArrays(_ comparison: SQLOperator, withNulls runtime: String) throws(QueryError) -> SQLExpr {
    let arrays = try commonArrays()
    let mayHoldNull = arguments.contains { $0.type.element?.isNullable ?? true }
    guard !mayHoldNull, let first = arrays.first, let last = arrays.last else { return .hogql(runtime, arrays) }
    return first.op(comparison, last)
  }

  fileprivate func flattened() throws(QueryError) -> SQLExpr {
    var flat = try sql(0)
    var element = type(0).element ?? .null
    guard element.isArray else { return flat }
    while let inner = element.element {
      flat = .hogql("array_flatten", flat)
      element = inner
    }
    if element.isComposite { return flat }
    let alias = alias("e")
    let (value, position) = (SQLExpr.column(table: alias, name: "v"), SQLExpr.column(table: alias, name: "n"))
    return .arrayOf(
      SQLSelect(
        decode(value, element), from: .unnest([flat], as: alias, columns: ["v", "n"]), orderBy: [SQLOrder(position)]))
  }
}
