@testable import HogQL

func treeText(_ query: Query) -> String {
  var text = query.with.map { treeText($0) + " " } ?? ""
  text += treeText(query.first)
  for operation in query.rest {
    text += " \(operation.operator)\(operation.isByName ? " byName" : "") \(treeText(operation.member))"
  }
  if !query.orderBy.isEmpty { text += " ORDER \(treeText(query.orderBy))" }
  return text + tail(query.limitBy, query.limit)
}

private func treeText(_ member: QueryMember) -> String {
  switch member {
  case .select(let select): treeText(select)
  case .query(let query): "(\(treeText(query)))"
  case .placeholder(let placeholder): "{\(placeholder.path.joined(separator: "."))}"
  case .values(let values):
    "values \(values.rows.map { "(\($0.map(treeText).joined(separator: ", ")))" }.joined(separator: " "))"
  }
}

private func treeText(_ with: With) -> String {
  let items = with.expressions.map { item in
    switch item.kind {
    case .query(let query, let columns, let isMaterialized):
      "\(item.name.text)\(columns.isEmpty ? "" : "(\(names(columns)))")"
        + "\(isMaterialized.map { $0 ? " materialized" : " notMaterialized" } ?? "") = (\(treeText(query)))"
    case .expression(let expr): "\(item.name.text) = \(treeText(expr))"
    }
  }
  return "with\(with.isRecursive ? " recursive" : "") \(items.joined(separator: ", "))"
}

private func names(_ names: [Name]) -> String { names.map(\.text).joined(separator: ", ") }

private func treeText(_ select: Select) -> String {
  var text = select.with.map { treeText($0) + " " } ?? ""
  text += "select \(select.isDistinct ? "distinct " : "")"
  text += select.columns.map(treeText).joined(separator: ", ")
  if let from = select.from { text += " from \(treeText(from))" }
  if let join = select.arrayJoin {
    let items = join.items.map { "\(treeText($0.array)) as \($0.name.text)" }.joined(separator: ", ")
    text += " \(join.isLeft ? "left" : "inner")Array \(items)"
  }
  for (word, clause) in [
    ("prewhere", select.prewhere), ("where", select.where), ("having", select.having),
    ("qualify", select.qualify),
  ] {
    if let clause { text += " \(word) \(treeText(clause))" }
  }
  if let group = select.groupBy { text += " group \(treeText(group))" }
  for window in select.windows { text += " window \(window.name.text)" }
  if !select.orderBy.isEmpty { text += " order \(treeText(select.orderBy))" }
  if let items = select.interpolate {
    text += " interpolate(\(items.map { "\($0.column.text)=\($0.value.map(treeText) ?? "-")" }.joined(separator: ", ")))"
  }
  return text + tail(select.limitBy, select.limit)
}

private func tail(_ limitBy: LimitBy?, _ limit: Limit?) -> String {
  var text = ""
  if let limitBy {
    text += " limit \(treeText(limitBy.count))\(limitBy.offset.map { " offset " + treeText($0) } ?? "")"
    text += " by \(limitBy.keys.map(treeText).joined(separator: ", "))"
  }
  guard let limit else { return text }
  if let count = limit.count { text += " limit \(treeText(count))\(limit.isPercent ? "%" : "")" }
  if let offset = limit.offset { text += " offset \(treeText(offset))" }
  return text + (limit.withTies ? " ties" : "")
}

private func treeText(_ group: GroupBy) -> String {
  let totals = group.totals == nil ? "" : " totals"
  let keys = { (keys: [Expr]) in keys.map(treeText).joined(separator: ", ") }
  switch group.kind {
  case .all: return "all\(totals)"
  case .expressions(let items): return keys(items) + totals
  case .rollup(let items): return "rollup(\(keys(items)))\(totals)"
  case .cube(let items): return "cube(\(keys(items)))\(totals)"
  case .groupingSets(let sets): return "sets \(sets.map { "(\(keys($0)))" }.joined(separator: " "))\(totals)"
  }
}

private func treeText(_ from: From) -> String {
  var text = treeText(from.first)
  for join in from.joins {
    text += " \(join.isPositional ? "positional " : "")\(join.isNatural ? "natural " : "")"
    text += "\(join.strictness.map { "\($0) " } ?? "")\(join.side) \(treeText(join.table))"
    switch join.constraint {
    case nil: break
    case .on(let condition): text += " on \(treeText(condition))"
    case .using(let columns): text += " using (\(names(columns)))"
    }
  }
  return text
}

private func treeText(_ table: TableSource) -> String {
  var text: String
  switch table.kind {
  case .table(let path): text = path.map(\.text).joined(separator: ".")
  case .function(let name, let arguments):
    text = "\(name.text)(\(arguments.map(treeText).joined(separator: ", ")))"
  case .query(let query): text = "(\(treeText(query)))"
  case .placeholder(let placeholder): text = "{\(placeholder.path.joined(separator: "."))}"
  case .join(let from): text = "(\(treeText(from)))"
  }
  if let alias = table.alias { text += " as \(alias.text)" }
  if !table.columnAliases.isEmpty { text += "(\(names(table.columnAliases)))" }
  if table.final != nil { text += " final" }
  if let sample = table.sample { text += " sample \(treeText(sample.ratio))\(sample.offset.map { " offset " + treeText($0) } ?? "")" }
  return text
}
