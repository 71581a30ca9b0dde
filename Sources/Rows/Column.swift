/// One column of a table in the warehouse.
public struct Column: Hashable, Sendable {
  public var name: String
  public var type: ColumnType
  /// Whether the source promises a value in every row.
  public var isRequired: Bool

  public init(name: String, type: ColumnType, isRequired: Bool = false) {
    self.name = name
    self.type = type
    self.isRequired = isRequired
  }
}

/// A PostgreSQL type as `format_type` prints it, such as `numeric(12,2)` or `text[]`.
public struct ColumnType: Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  public var description: String { name }

  public static let text = ColumnType("text")
  public static let jsonb = ColumnType("jsonb")
  public static let timestamptz = ColumnType("timestamp with time zone")
}
