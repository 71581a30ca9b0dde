@testable import HogQL

/// A tree as a short text, each operator with its own parentheses: what a test can compare.
func treeText(_ expr: Expr) -> String {
  switch expr.kind {
  case .literal(let literal): return treeText(literal)
  case .name(let names): return names.map(\.text).joined(separator: ".")
  case .star(let star): return treeText(star)
  case .placeholder(let placeholder): return "{\(placeholder.path.joined(separator: "."))}"
  case .array(let items): return "[\(list(items))]"
  case .tuple(let items): return "tuple(\(list(items)))"
  case .dictionary(let entries):
    return "{\(entries.map { "\(treeText($0.key)): \(treeText($0.value))" }.joined(separator: ", "))}"
  case .concat(let items): return "concat(\(list(items)))"
  case .unary(.negate, let operand): return "-(\(treeText(operand)))"
  case .unary(.not, let operand): return "not(\(treeText(operand)))"
  case .binary(.coalesce, let left, let right): return "ifNull(\(list([left, right])))"
  case .binary(let operation, let left, let right):
    return "(\(treeText(left)) \(operation) \(treeText(right)))"
  case .and(let items): return "(\(items.map(treeText).joined(separator: " and ")))"
  case .or(let items): return "(\(items.map(treeText).joined(separator: " or ")))"
  case .isNull(let operand, let negated): return "\(negated ? "notNull" : "isNull")(\(treeText(operand)))"
  case .between(let value, let low, let high, let negated):
    return "\(negated ? "notBetween" : "between")(\(list([value, low, high])))"
  case .conditional(let condition, let then, let otherwise):
    return "if(\(list([condition, then, otherwise])))"
  case .caseWhen(let value): return treeText(value)
  case .member(let base, let name): return "\(treeText(base))->\(name.text)"
  case .element(let base, let index): return "\(treeText(base)).\(index)"
  case .subscripted(let base, let key): return "\(treeText(base))[\(treeText(key))]"
  case .slice(let base, let from, let to):
    return "\(treeText(base))[\(from.map(treeText) ?? ""):\(to.map(treeText) ?? "")]"
  case .cast(let operand, let type, let form): return "\(form)(\(treeText(operand)), \(treeText(type)))"
  case .interval(let count, let unit): return "interval(\(treeText(count)), \(unit))"
  case .call(let call): return treeText(call)
  case .lambda(let parameters, let body):
    return "lambda(\(parameters.map(\.text).joined(separator: ", ")) -> \(treeText(body)))"
  case .alias(let operand, let name): return "(\(treeText(operand)) as \(name.text))"
  case .subquery(let query): return "(\(treeText(query)))"
  }
}

private func list(_ items: [Expr]) -> String { items.map(treeText).joined(separator: ", ") }

func treeText(_ literal: Literal) -> String {
  switch literal {
  case .null: "null"
  case .boolean(let value): "\(value)"
  case .integer(let value): "\(value)"
  case .bigInteger(let digits): digits
  case .float(let value): "\(value)f"
  case .string(let text): "'\(text)'"
  }
}

private func treeText(_ star: Star) -> String {
  var text = (star.qualifier.map(\.text) + ["*"]).joined(separator: ".")
  switch star.choice {
  case .all: break
  case .matching(let pattern): text += " matching '\(pattern)'"
  case .listed(let items): text += " of (\(list(items)))"
  }
  if !star.excluded.isEmpty { text += " without (\(star.excluded.map(\.text).joined(separator: ", ")))" }
  for item in star.replaced { text += " with (\(treeText(item.value)) as \(item.column.text))" }
  return text
}

private func treeText(_ value: Case) -> String {
  var text = "case"
  if let operand = value.operand { text += " \(treeText(operand))" }
  for branch in value.branches { text += " when \(treeText(branch.when)) then \(treeText(branch.then))" }
  if let otherwise = value.otherwise { text += " else \(treeText(otherwise))" }
  return text + " end"
}

func treeText(_ type: TypeName) -> String {
  guard !type.arguments.isEmpty else { return type.name }
  let arguments = type.arguments.map { argument in
    switch argument {
    case .type(let inner): treeText(inner)
    case .named(let name, let inner): "\(name.text) \(treeText(inner))"
    case .integer(let value): "\(value)"
    case .string(let text): "'\(text)'"
    }
  }
  return "\(type.name)<\(arguments.joined(separator: ", "))>"
}

private func treeText(_ call: Call) -> String {
  var text = call.name.text
  if let parameters = call.parameters { text += "(\(list(parameters)))" }
  text += "(\(call.isDistinct ? "distinct " : "")\(list(call.arguments))"
  if !call.orderBy.isEmpty { text += " order \(treeText(call.orderBy))" }
  text += ")"
  if let filter = call.filter { text += " filter \(treeText(filter))" }
  switch call.over {
  case nil: break
  case .named(let name): text += " over \(name.text)"
  case .window(let window): text += " over (\(treeText(window)))"
  }
  return text
}

func treeText(_ items: [OrderItem]) -> String {
  items.map { item in
    var text = treeText(item.expr) + (item.isDescending ? " desc" : "")
    if let nullsFirst = item.nullsFirst { text += nullsFirst ? " nullsFirst" : " nullsLast" }
    if let collation = item.collation { text += " collate \(collation.text)" }
    if let fill = item.fill {
      text += " fill \([fill.from, fill.to, fill.step].map { $0.map(treeText) ?? "-" }.joined(separator: " "))"
    }
    return text
  }.joined(separator: ", ")
}

private func treeText(_ window: Window) -> String {
  var parts: [String] = []
  if let base = window.base { parts.append(base.text) }
  if !window.partitionBy.isEmpty { parts.append("partition \(list(window.partitionBy))") }
  if !window.orderBy.isEmpty { parts.append("order \(treeText(window.orderBy))") }
  if let frame = window.frame {
    parts.append("\(frame.unit) \(treeText(frame.start))..\(treeText(frame.end))")
  }
  return parts.joined(separator: " ")
}

private func treeText(_ bound: Frame.Bound) -> String {
  switch bound {
  case .unboundedPreceding: "start"
  case .preceding(let count): "-\(treeText(count))"
  case .currentRow: "here"
  case .following(let count): "+\(treeText(count))"
  case .unboundedFollowing: "end"
  }
}
