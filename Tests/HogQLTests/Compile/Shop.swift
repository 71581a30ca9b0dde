import HogQL

/// A small shop beside product analytics: what the tests' queries see.
enum Shop {
  static let catalogue = QueryCatalogue(
    tables: [
      table("orders", [
        ("id", "bigint", true), ("customer_id", "bigint", false), ("status", "text", false),
        ("amount", "numeric(12,2)", false), ("discount", "double precision", false), ("quantity", "bigint", false),
        ("is_gift", "boolean", false), ("ordered_on", "date", false),
        ("created_at", "timestamp with time zone", false), ("tags", "text[]", true), ("details", "jsonb", false),
      ]),
      table("legacy", [
        ("id", "integer", true), ("code", "character varying(20)", false), ("seen", "timestamp without time zone", false),
        ("data", "json", false), ("ratio", "real", false), ("numbers", "integer[]", true), ("shape", "point", false),
      ]),
      table("customers", [("id", "bigint", true), ("email", "text", false), ("name", "text", false)]),
      table("stripe_charge", [("id", "text", true), ("amount", "bigint", false), ("currency", "text", false)]),
      table("stripe_customer", [("id", "text", true), ("email", "text", false), ("balance", "bigint", false)]),
      table(
        "events",
        [
          ("uuid", "uuid", true), ("event", "text", true), ("timestamp", "timestamp with time zone", true),
          ("distinct_id", "text", true), ("person_id", "uuid", true), ("properties", "jsonb", true),
          ("$group_0", "text", true),
        ], isCore: true),
      table(
        "persons",
        [
          ("id", "uuid", true), ("created_at", "timestamp with time zone", true), ("properties", "jsonb", true),
          ("is_identified", "boolean", true),
        ], isCore: true),
      table("groups", [("index", "bigint", true), ("key", "text", true), ("properties", "jsonb", true)], isCore: true),
    ],
    dottedNames: ["stripe.charge": "stripe_charge", "stripe.customer": "stripe_customer"],
    joins: [
      QueryCatalogue.Join(
        table: "persons", field: "stripe_customer", key: ["properties", "email"], target: "stripe_customer",
        targetKey: ["email"])
    ])

  private static func table(_ name: String, _ columns: [(String, String, Bool)], isCore: Bool = false)
    -> QueryCatalogue.Table
  {
    QueryCatalogue.Table(
      name: name, schema: "warehouse", relation: name,
      columns: columns.compactMap {
        QueryCatalogue.Column(name: $0.0, postgresType: $0.1, isNotNull: $0.2, isCore: isCore)
      })
  }

  /// The SQL of a text, without the limit that a query gets by default.
  static func sql(_ text: String, values: [String: PlaceholderValue] = [:]) throws(QueryError) -> String {
    try compile(text, catalogue: catalogue, values: values, options: CompileOptions(defaultLimit: nil)).sql
  }

  /// The same without the quotes around names, to be read more easily.
  static func plain(_ text: String) throws(QueryError) -> String { try sql(text).filter { $0 != "\"" } }

  /// The error of a text; nil when it has none.
  static func error(_ text: String, values: [String: PlaceholderValue] = [:]) -> QueryError? {
    do {
      _ = try sql(text, values: values)
      return nil
    } catch {
      return error
    }
  }
}
