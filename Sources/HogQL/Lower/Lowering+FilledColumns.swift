/// Columns of a join's side that may be unmatched, where their type's default stands for what is missing.
extension Lowering {
  /// The operand as a condition may print it: bare, when the default would not fulfil the comparison with the constant
  /// anyway, so that a missing value and the default come to the same. Else unchanged.
  func bare(_ expr: TypedExpr, _ operation: SQLOperator, _ constant: TypedExpr, _ context: LoweringContext) -> TypedExpr {
    guard context == .condition, case .column(var column) = expr.kind, column.isFilled, column.fallbackAlias == nil,
      let value = constant.constant, defaultFails(expr.type, operation, value), !isGiven(expr)
    else { return expr }
    column.isFilled = false
    return TypedExpr(.column(column), type: expr.type, mayBeNull: true, at: expr.span)
  }

  /// Whether `default operation constant` is false for certain.
  private func defaultFails(_ type: HogQLType, _ operation: SQLOperator, _ constant: ConstantValue) -> Bool {
    switch (type.kind, constant) {
    case (.string, .string(let text)):
      switch operation {
      case .like, .ilike: return text.unicodeScalars.contains { $0 != "%" }
      case .lessOrEqual: return false
      case .less: return text.isEmpty
      default: return operation == .greater || !text.isEmpty
      }
    case (.int, .integer(let value)), (.float, .integer(let value)), (.decimal, .integer(let value)):
      return zeroFails(operation, Double(value))
    case (.int, .float(let value)), (.float, .float(let value)), (.decimal, .float(let value)):
      return zeroFails(operation, value)
    case (.bool, .boolean(let value)): return operation == .equal && value
    case (.uuid, .string(let text)): return operation == .equal && text.contains { $0 != "0" && $0 != "-" }
    case (.date, .string(let text)), (.dateTime, .string(let text)):
      // A day's distance from the default keeps clear of time zones.
      guard let moment = MomentText(text), moment.date > "1970-01-02" else { return false }
      return operation == .equal || operation == .greater || operation == .greaterOrEqual
    default: return false
    }
  }

  private func zeroFails(_ operation: SQLOperator, _ value: Double) -> Bool {
    switch operation {
    case .equal: value != 0
    case .less: !(0 < value)
    case .lessOrEqual: !(0 <= value)
    case .greater: !(0 > value)
    case .greaterOrEqual: !(0 >= value)
    default: false
    }
  }
}
