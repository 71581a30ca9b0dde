/// What a Parquet file's footer says, as far as reading rows needs it.
///
/// Numbers of fields and enums: `parquet.thrift` in https://github.com/apache/parquet-format.
struct ParquetMetadata: Sendable {
  var elements: [SchemaElement] = []
  var rowCount: Int64 = 0
  var groups: [RowGroup] = []
  var writer = ""
  var isEncrypted = false

  struct RowGroup: Sendable {
    var chunks: [ColumnChunk] = []
    var rowCount: Int64 = 0
  }
}

/// One node of the schema; the nodes come depth first.
struct SchemaElement: Sendable {
  enum Repetition: Int32 {
    case required, optional, repeated, vector
  }

  var name = ""
  /// Nil for a group.
  var physicalType: Int32?
  var typeLength: Int32 = 0
  var repetition = Repetition.required
  var childCount: Int32 = 0
  var convertedType: Int32?
  var scale: Int32?
  var precision: Int32?
  var fieldID: Int32?
  var annotation: Annotation?
}

/// What a column's values mean: `LogicalType`.
enum Annotation: Sendable, Hashable {
  case string, map, list, enumeration, date, null, json, bson, uuid, float16, variant, geometry, geography, vector
  case decimal(precision: Int32, scale: Int32)
  case time(TimeUnit?, isUTC: Bool)
  case timestamp(TimeUnit?, isUTC: Bool)
  case integer(bits: Int32, isSigned: Bool)
  /// One that is newer than this reader: the values are read by their physical type.
  case unknown(Int)
}

/// What a time or a timestamp counts.
enum TimeUnit: Int, Sendable, Hashable {
  case milliseconds = 1
  case microseconds, nanoseconds

  /// How many decimal digits of a second it has.
  var digits: Int { rawValue * 3 }
  var name: String { ["ms", "us", "ns"][rawValue - 1] }
}

/// Where the values of one column in one row group stand.
struct ColumnChunk: Sendable {
  var physicalType: Int32?
  var codec: Int32 = 0
  var valueCount: Int64 = 0
  var compressedSize: Int64 = 0
  var uncompressedSize: Int64 = 0
  var dataOffset: Int64 = 0
  /// Nil or 0 where there is no dictionary.
  var dictionaryOffset: Int64?
  var path: [String] = []
  var hasMetadata = false
  var isEncrypted = false
  /// Another file that holds the values: only summary files have it.
  var filePath: String?

  /// Where the first page is.
  var start: Int64 {
    if let dictionaryOffset, dictionaryOffset > 0, dictionaryOffset < dataOffset { return dictionaryOffset }
    return dataOffset
  }
}
