public import Rows

/// One list of an API, and the table it becomes.
public struct RESTStream: Codable, Sendable {
  /// The schema's name, such as `charge`.
  public var name: String
  public var title: String?
  /// Joined to the manifest's base URL. What expressions put in is percent-encoded.
  public var path: Template
  public var parameters: [RESTParameter]?
  /// Where the records are in an answer; empty where the answer is the list, or the one record.
  public var records: Path?
  /// Columns that tell a record from any other.
  public var key: [String]
  public var columns: [RESTColumn]
  public var pagination: RESTPagination?
  public var order: RESTOrder?
  public var cursor: RESTCursor?
  public var events: RESTEvents?
  /// Read once for each record of another stream.
  public var parent: RESTParent?
  /// Lists within a record of which only the first elements come with it.
  public var cutLists: [RESTCutList]?
  /// Whether fields that are not declared go to `_hedgerow_extra`; true where it says nothing.
  public var keepsUnknown: Bool?
  /// Fields that are never stored, such as secrets that come with a record.
  public var leavesOut: [String]?
  /// The right that its reading needs, in the API's words, for messages.
  public var permission: String?
  /// The mode it is linked with; nil for `full_refresh`, or `merge` where there are events.
  public var usualMode: SyncMode?

  public init(
    name: String, path: Template, parameters: [RESTParameter] = [], records: Path = "", key: [String],
    columns: [RESTColumn], pagination: RESTPagination = .none, order: RESTOrder = .unordered, cursor: RESTCursor? = nil,
    events: RESTEvents? = nil, parent: RESTParent? = nil, cutLists: [RESTCutList] = [], leavesOut: [String] = [],
    permission: String? = nil, usualMode: SyncMode? = nil
  ) {
    self.name = name
    self.path = path
    self.parameters = parameters
    self.records = records
    self.key = key
    self.columns = columns
    self.pagination = pagination
    self.order = order
    self.cursor = cursor
    self.events = events
    self.parent = parent
    self.cutLists = cutLists
    self.leavesOut = leavesOut
    self.permission = permission
    self.usualMode = usualMode
  }
}

/// A column of a stream's table, and the field it is filled from.
public struct RESTColumn: Codable, Sendable {
  public var name: String
  public var type: RESTType
  /// Where its value is in a record; nil for the field of the column's name.
  public var from: Path?

  public init(_ name: String, _ type: RESTType, from: Path? = nil) {
    self.name = name
    self.type = type
    self.from = from
  }
}

/// How a field's JSON becomes a value of a PostgreSQL type. What does not fit becomes NULL, and is kept in
/// `_hedgerow_extra`; an empty text is NULL for every type but `text`.
public enum RESTType: String, Codable, Sendable {
  /// Text as it is; a number or truth value as JSON writes it; an object or list as JSON.
  case text
  /// The id of another object: text, or an object whose `id` it is.
  case reference
  case integer
  /// A number with all its digits, or such a number as text.
  case decimal
  case double
  case boolean
  /// Seconds since 1970.
  case unixTime = "unix_time"
  /// Milliseconds since 1970.
  case unixMilliseconds = "unix_milliseconds"
  /// ISO 8601, UTC where it names no zone.
  case time
  /// `2024-02-29`.
  case date
  case json

  /// As PostgreSQL prints it.
  public var column: String {
    switch self {
    case .text, .reference: "text"
    case .integer: "bigint"
    case .decimal: "numeric"
    case .double: "double precision"
    case .boolean: "boolean"
    case .unixTime, .unixMilliseconds, .time: "timestamp with time zone"
    case .date: "date"
    case .json: "jsonb"
    }
  }
}

/// The order in which a list comes, by its cursor.
public enum RESTOrder: String, Codable, Sendable {
  /// The cursor moves only when the walk has met what was there before.
  case newestFirst = "newest_first"
  /// The cursor moves page by page.
  case oldestFirst = "oldest_first"
  /// The cursor moves when everything was read.
  case unordered
}

/// The field that tells which records are new, and how an API is asked for them.
public struct RESTCursor: Codable, Sendable {
  /// A column.
  public var field: String
  /// The parameter for "this or later", such as `created[gte]`; nil where the API cannot be asked.
  public var from: String?
  /// The parameter for "before this", such as `created[lt]`; with `from` it lets a load run in ranges side by side.
  public var before: String?
  public var format: RESTTimeFormat
  /// How many seconds before the largest value that was seen a sync reads again.
  public var lookback: Int?
  /// Whether a record moves on in it with each change; else it is the time it was made.
  public var tellsChanges: Bool?

  public init(_ field: String, from: String? = nil, before: String? = nil, format: RESTTimeFormat, lookback: Int = 0, tellsChanges: Bool = false) {
    self.field = field
    self.from = from
    self.before = before
    self.format = format
    self.lookback = lookback
    self.tellsChanges = tellsChanges
  }
}

/// How an API writes a moment in a request.
public enum RESTTimeFormat: String, Codable, Sendable {
  case unixSeconds = "unix_seconds"
  case unixMilliseconds = "unix_milliseconds"
  /// `2024-02-29T12:00:00.000000Z`
  case iso
}

/// A list of what happened to the records of a stream, newest first.
public struct RESTEvents: Codable, Sendable {
  public var path: Template
  public var parameters: [RESTParameter]
  public var records: Path
  public var pagination: RESTPagination
  /// Where an event has the object it is about, and its type.
  public var object: Path
  public var type: Path
  /// The moment of an event, in Unix seconds, and the parameter for "this or later".
  public var time: Path
  public var from: String
  /// A member of the object, and the value that says that it is of this stream.
  public var objectKind: Path
  public var objectKindIs: String
  /// The types that say that the object is gone.
  public var goneTypes: [String]
  /// Where an event says in which version its object is written, and the version that the columns are of.
  public var version: Path
  public var versionIs: String
  /// Where one object is read anew: one whose event is of another version. `{{id}}` is its id.
  public var objectPath: Template
  public var objectParameters: [RESTParameter]
  /// A member that is true where the object that was read anew is gone.
  public var goneFlag: Path?
  /// Whether every object is read anew, as its event lacks what the list has.
  public var alwaysReads: Bool
  public var keptDays: Int
  /// How many seconds before the last event that was seen a sync reads again: an event may show late.
  public var overlap: Int

  public init(
    path: Template, parameters: [RESTParameter], records: Path, pagination: RESTPagination, object: Path, type: Path, time: Path,
    from: String, objectKind: Path, objectKindIs: String, goneTypes: [String], version: Path, versionIs: String,
    objectPath: Template, objectParameters: [RESTParameter] = [], goneFlag: Path? = nil, alwaysReads: Bool = false, keptDays: Int, overlap: Int
  ) {
    self.path = path
    self.parameters = parameters
    self.records = records
    self.pagination = pagination
    self.object = object
    self.type = type
    self.time = time
    self.from = from
    self.objectKind = objectKind
    self.objectKindIs = objectKindIs
    self.goneTypes = goneTypes
    self.version = version
    self.versionIs = versionIs
    self.objectPath = objectPath
    self.objectParameters = objectParameters
    self.goneFlag = goneFlag
    self.alwaysReads = alwaysReads
    self.keptDays = keptDays
    self.overlap = overlap
  }
}

/// The stream whose records a stream is read for, one by one. `{{parent.FIELD}}` reads a field of the record.
public struct RESTParent: Codable, Sendable {
  public var stream: String
  /// A column that is filled with the parent's id; nil where the records name their parent themselves.
  public var column: String?
  public var id: Path

  public init(stream: String, column: String? = nil, id: Path = "id") {
    self.stream = stream
    self.column = column
    self.id = id
  }
}

/// A list in a record that is cut after some elements, as the API says in it, and where the whole of it is.
public struct RESTCutList: Codable, Sendable {
  /// The field of the record; an object with the elements and the sign.
  public var field: String
  public var elements: Path
  public var more: Path
  /// `{{record.FIELD}}` reads a field of the record.
  public var path: Template
  public var parameters: [RESTParameter]
  public var pagination: RESTPagination

  public init(field: String, elements: Path, more: Path, path: Template, parameters: [RESTParameter], pagination: RESTPagination) {
    self.field = field
    self.elements = elements
    self.more = more
    self.path = path
    self.parameters = parameters
    self.pagination = pagination
  }
}

/// How a list is read page by page.
public enum RESTPagination: Codable, Sendable {
  /// One answer holds everything.
  case none
  /// A token in the body leads on; it is sent as `parameter`. No token, or an empty one, ends the list, and so does
  /// `more` where it is false.
  case token(parameter: String, path: Path, more: Path?)
  /// The field of the last record is sent as `parameter`; `more` says whether there is another page.
  case keyset(parameter: String, field: Path, more: Path)
  /// How many records were read is sent as `parameter`; a page with fewer than `size` ends the list.
  case offset(parameter: String, size: Int)
  /// The number of the page is sent as `parameter`; a page with fewer than `size` ends the list.
  case page(parameter: String, first: Int, size: Int)
  /// The `Link` header's `next`.
  case linkHeader
  /// The whole address of the next page is in the body.
  case nextURL(path: Path)
}
