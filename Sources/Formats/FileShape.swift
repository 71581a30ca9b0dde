public import Rows

/// A column that a file holds, and the type it becomes.
public struct FileColumn: Sendable, Hashable {
  public var name: String
  /// Its type in the warehouse.
  public var type: ColumnType
  /// Its type in the file, for people: `int64`, `decimal(12,2)`, `text`.
  public var fileType: String
  /// Whether the file promises a value in every row.
  public var isRequired: Bool
  /// Why its type in the warehouse says less than the file's; nil where nothing is lost.
  public var note: String?

  public init(name: String, type: ColumnType, fileType: String, isRequired: Bool = false, note: String? = nil) {
    self.name = name
    self.type = type
    self.fileType = fileType
    self.isRequired = isRequired
    self.note = note
  }
}

/// One column of the rows that a reader is to hand out, and where its values are from.
public struct WantedColumn: Sendable, Hashable {
  public enum Origin: Sendable, Hashable {
    /// The file's column with this name; NULL in every row where the file has none.
    case field(String)
    /// The same value in every row, as PostgreSQL's text; such as a Hive partition's value or the file's name.
    case constant(String?)
    /// The row's number in its file, from 1.
    case rowNumber
  }

  /// Its type in the warehouse. Values that do not fit it are rejected, never changed.
  public var type: ColumnType
  public var origin: Origin

  public init(_ origin: Origin, type: ColumnType) {
    self.origin = origin
    self.type = type
  }
}

/// Some bytes of a file after the other.
public protocol ByteStream: Sendable {
  /// The next bytes, never empty; nil at the end. Throws when the rest cannot be had.
  func next() async throws -> [UInt8]?
}

/// A file of which any part can be had.
public protocol ByteRanges: Sendable {
  var size: Int64 { get }
  /// Exactly these bytes. Throws when the file is not the one it was when it was opened.
  func read(_ range: Range<Int64>) async throws -> [UInt8]
}

/// The rows of one file. Asking for the next batch is what moves it on.
public protocol FileRows: Sendable {
  /// The next rows, nil after the last. The batches together are one binary `COPY` stream.
  func next() async throws -> FileBatch?
}

/// Rows of a file, and those of its rows that could not be taken.
public struct FileBatch: Sendable {
  public var batch: Batch
  public var rejects: [RejectedRow]

  public init(_ batch: Batch, rejects: [RejectedRow] = []) {
    self.batch = batch
    self.rejects = rejects
  }
}

/// A row that does not fit the types of the columns, or that is broken in itself.
public struct RejectedRow: Sendable, Hashable {
  /// From 1, rejected rows counted.
  public var row: Int
  /// Where the row begins in the uncompressed file; nil in formats whose rows have no such place.
  public var offset: Int64?
  /// Names the column and what was expected; holds at most the beginning of the value.
  public var reason: String

  public init(row: Int, offset: Int64?, reason: String) {
    self.row = row
    self.offset = offset
    self.reason = reason
  }
}

/// A file that cannot be read as what it should be. Which file it is says whoever opened it.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// The bytes break the format's rules.
    case corrupt
    /// The file ends too early.
    case truncated
    /// A feature that is not read; the message names it.
    case unsupported
    /// A limit that protects memory, such as a line of 100 MB or a bomb.
    case tooLarge
  }

  public var kind: Kind
  /// What is wrong, without the file's name: `the page at byte 1042 has no valid header`.
  public var message: String
  public var hint: String?
  /// From 1; nil where the error is of no row.
  public var row: Int?
  /// In the uncompressed file.
  public var offset: Int64?

  public init(_ kind: Kind, _ message: String, hint: String? = nil, row: Int? = nil, offset: Int64? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.row = row
    self.offset = offset
  }

  public var description: String {
    var place: [String] = []
    if let row { place.append("row \(row)") }
    if let offset { place.append("byte \(offset)") }
    return place.isEmpty ? message : "\(message) (\(place.joined(separator: ", ")))"
  }
}
