/// The schema of an Avro file, as its header gives it.
///
/// Its types stand in one list and name each other by their places in it, so that a type can hold itself.
///
/// Format: Avro 1.11, "Schema Declaration" and "Logical Types".
struct AvroSchema: Sendable, Hashable {
  typealias Place = Int

  enum Node: Sendable, Hashable {
    case null, boolean, int, long, float, double, bytes, string
    case fixed(Int)
    case enumeration([String])
    case array(Place)
    case map(Place)
    case union([Place])
    case record([Field])
    /// `size` is the length of a fixed type; nil for `bytes`.
    case decimal(precision: Int, scale: Int, size: Int?)
    case date
    /// Since midnight.
    case time(Unit)
    case timestamp(Unit, isUTC: Bool)
    /// As text, or as 16 bytes.
    case uuid(isFixed: Bool)
    /// Months, days and milliseconds.
    case duration
  }

  struct Field: Sendable, Hashable {
    var name: String
    var type: Place
    /// The number that Iceberg knows the field by, from the attribute `field-id`.
    var id: Int?
  }

  /// What times are counted in.
  enum Unit: Sendable, Hashable {
    case milliseconds, microseconds, nanoseconds

    var perSecond: Int64 {
      switch self {
      case .milliseconds: 1_000
      case .microseconds: 1_000_000
      case .nanoseconds: 1_000_000_000
      }
    }

    /// As the names of the logical types end.
    var name: String {
      switch self {
      case .milliseconds: "millis"
      case .microseconds: "micros"
      case .nanoseconds: "nanos"
      }
    }

    /// How many digits a fraction of a second has.
    var digits: Int {
      switch self {
      case .milliseconds: 3
      case .microseconds: 6
      case .nanoseconds: 9
      }
    }
  }

  var nodes: [Node]
  var root: Place

  /// The fields of a row. A schema that is no record is a record of one field, `value`.
  var fields: [Field] {
    if case .record(let fields) = nodes[root] { return fields }
    return [Field(name: "value", type: root)]
  }

  /// The type itself where it is not a union with `null`, and whether it may be null.
  func value(of place: Place) -> (place: Place, isNullable: Bool) {
    switch nodes[place] {
    case .null: return (place, true)
    case .union(let branches):
      let others = branches.filter { nodes[$0] != .null }
      return (others.count == 1 ? others[0] : place, others.count < branches.count)
    default: return (place, false)
    }
  }
}
