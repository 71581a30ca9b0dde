/// The tables that a query may see, and how the project reads times.
public struct QueryCatalogue: Sendable {
  public struct Column: Hashable, Sendable {
    public var name: String
    public var type: HogQLType
    /// Whether Postgres declares the column NOT NULL, whatever HogQL makes of its nullability.
    public var isNotNull: Bool
    public var storage: ColumnStorage

    public init(name: String, type: HogQLType, isNotNull: Bool, storage: ColumnStorage = .own) {
      self.name = name
      self.type = type
      self.isNotNull = isNotNull
      self.storage = storage
    }
  }

  public struct Table: Hashable, Sendable {
    /// The name in HogQL.
    public var name: String
    /// Where it is in Postgres.
    public var schema: String
    public var relation: String
    public var columns: [Column]

    public init(name: String, schema: String, relation: String, columns: [Column]) {
      self.name = name
      self.schema = schema
      self.relation = relation
      self.columns = columns
    }

    func column(_ name: String) -> Column? { columns.first { $0.name == name } }
  }

  /// `table.field` reaches `target`, where `key` of the table equals `targetKey`. A key is a column or a JSON path.
  public struct Join: Hashable, Sendable {
    public var table: String
    public var field: String
    public var key: [String]
    public var target: String
    public var targetKey: [String]
    /// A column of the target that must have this value: a group's index.
    public var targetFilter: (column: String, value: Int64)? { filter.map { ($0.column, $0.value) } }
    private var filter: Filter?

    private struct Filter: Hashable, Sendable {
      var column: String
      var value: Int64
    }

    public init(
      table: String, field: String, key: [String], target: String, targetKey: [String],
      targetFilter: (column: String, value: Int64)? = nil
    ) {
      self.table = table
      self.field = field
      self.key = key
      self.target = target
      self.targetKey = targetKey
      filter = targetFilter.map { Filter(column: $0.column, value: $0.value) }
    }
  }

  public var tables: [String: Table]
  /// Dotted names and what they stand for: `stripe.charge` → `stripe_charge`.
  public var dottedNames: [String: String]
  public var joins: [Join]
  public var timeZone: String
  public var weekStartsOnSunday: Bool

  public init(
    tables: [Table], dottedNames: [String: String] = [:], joins: [Join] = [], timeZone: String = "UTC",
    weekStartsOnSunday: Bool = true
  ) {
    self.tables = Dictionary(tables.map { ($0.name, $0) }) { first, _ in first }
    self.dottedNames = dottedNames
    self.joins = joins + QueryCatalogue.builtInJoins.filter { builtIn in
      !joins.contains { $0.table == builtIn.table && $0.field == builtIn.field }
    }
    self.timeZone = timeZone
    self.weekStartsOnSunday = weekStartsOnSunday
  }

  func table(_ name: String) -> Table? { tables[name] ?? dottedNames[name].flatMap { tables[$0] } }

  func join(_ table: String, _ field: String) -> Join? {
    joins.first { $0.table == table && $0.field == field && tables[$0.target] != nil }
  }

  private static let builtInJoins: [Join] =
    [
      Join(table: "events", field: "person", key: ["person_id"], target: "persons", targetKey: ["id"]),
      Join(
        table: "events", field: "pdi", key: ["distinct_id"], target: "person_distinct_ids", targetKey: ["distinct_id"]),
      Join(table: "persons", field: "pdi", key: ["id"], target: "person_distinct_ids", targetKey: ["person_id"]),
      Join(
        table: "person_distinct_ids", field: "person", key: ["person_id"], target: "persons", targetKey: ["id"]),
    ]
    + (0..<5).map {
      Join(
        table: "events", field: "group_\($0)", key: ["$group_\($0)"], target: "groups", targetKey: ["key"],
        targetFilter: ("index", $0))
    }
}

extension QueryCatalogue.Column {
  /// A column of a Postgres type; nil when HogQL has nothing for it. `isCore` tables keep their NOT NULL, every other
  /// table's scalar columns count as Nullable.
  public init?(name: String, postgresType: String, isNotNull: Bool, isCore: Bool) {
    guard let type = HogQLType(postgresType: postgresType) else { return nil }
    self.init(
      name: name, type: type.nullable(if: !(isCore && isNotNull)), isNotNull: isNotNull,
      storage: ColumnStorage(postgresType: postgresType))
  }
}

/// How a column's Postgres type relates to the one that stands for its HogQL type.
public enum ColumnStorage: Hashable, Sendable {
  /// They are the same.
  case own
  /// It needs a cast: `integer`, `varchar`, `json`, `real` ..
  case cast
  /// A timestamp without time zone, which counts as UTC.
  case timestamp

  /// From `format_type`'s text.
  public init(postgresType: String) {
    let isArray = postgresType.hasSuffix("[]")
    let element = isArray ? postgresType.dropLast(2) : postgresType[...]
    switch element.prefix(while: { $0 != "(" }) {
    case "text", "bigint", "int8", "double precision", "float8", "numeric", "boolean", "bool", "uuid", "date", "jsonb",
      "timestamp with time zone", "timestamptz":
      self = .own
    case "timestamp" where !element.hasSuffix("with time zone"), "timestamp without time zone":
      self = isArray ? .cast : .timestamp
    case "timestamp": self = .own
    default: self = .cast
    }
  }
}

extension HogQLType {
  /// The type of a Postgres column, from `format_type`'s text.
  public init?(postgresType: String) {
    if postgresType.hasSuffix("[]") {
      guard let element = HogQLType(postgresType: String(postgresType.dropLast(2))) else { return nil }
      self = .array(element)
      return
    }
    let base = postgresType.prefix { $0 != "(" }.split(separator: " ").first.map(String.init) ?? ""
    switch base {
    case "text", "character", "varchar", "bpchar", "name", "citext", "inet", "time", "bytea": self = .string
    case "bigint", "integer", "smallint", "int8", "int4", "int2": self = .int
    case "double", "real", "float8", "float4": self = .float
    case "numeric": self = .decimal(HogQLType.scale(postgresType))
    case "boolean", "bool": self = .bool
    case "uuid": self = .uuid
    case "date": self = .date
    case "timestamp", "timestamptz": self = .dateTime64
    case "json", "jsonb": self = .json
    default: return nil
    }
  }

  private static func scale(_ type: String) -> Int {
    guard let comma = type.lastIndex(of: ",") else { return type.contains("(") ? 0 : 18 }
    return Int(type[type.index(after: comma)...].filter(\.isNumber)) ?? 0
  }
}

/// A placeholder's value.
public indirect enum PlaceholderValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case list([PlaceholderValue])
  case object([String: PlaceholderValue])
}

/// How a query is to be compiled.
public struct CompileOptions: Hashable, Sendable {
  /// For a top-level SELECT without LIMIT; nil for none.
  public var defaultLimit: Int64?
  /// What a top-level LIMIT is cut to; nil for none.
  public var maximumLimit: Int64?
  public var collationIsC: Bool
  /// Whether the database takes only ASCII's letters for letters: its character type is C.
  public var foldsASCIIOnly: Bool

  public init(
    defaultLimit: Int64? = 100, maximumLimit: Int64? = 50_000, collationIsC: Bool = false, foldsASCIIOnly: Bool = false
  ) {
    self.defaultLimit = defaultLimit
    self.maximumLimit = maximumLimit
    self.collationIsC = collationIsC
    self.foldsASCIIOnly = foldsASCIIOnly
  }
}
