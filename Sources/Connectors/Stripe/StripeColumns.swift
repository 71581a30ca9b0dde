import ConnectorKit

/// The columns of Stripe's tables: what has one value is a column of its type, objects and lists are `jsonb`. Amounts
/// are whole numbers of the currency's smallest unit, as Stripe has them.
enum StripeColumns {
  /// Columns by the form of their values, names separated by spaces: `id` first, then in the order of their names.
  static func make(
    texts: String, references: String = "", integers: String = "", decimals: String = "", booleans: String = "",
    times: String = "", json: String = ""
  ) -> [RESTColumn] {
    let groups: [(String, RESTType)] = [
      (texts, .text), (references, .reference), (integers, .integer), (decimals, .decimal), (booleans, .boolean),
      (times, .unixTime), (json, .json),
    ]
    let columns = groups.flatMap { names, type in names.split(separator: " ").map { RESTColumn(String($0), type) } }
    return columns.sorted { ($0.name == "id" ? "" : $0.name) < ($1.name == "id" ? "" : $1.name) }
  }
}
