import ConnectorKit
import Formats
import ObjectStores

/// How the files of a bucket are read: what the user said and what the first of them showed. Kept with the schema, so
/// that every later file is read in the same way.
struct FilePlan: Sendable, Equatable {
  var format: FileFormat
  /// Nil where each file tells it.
  var compression: Compression?
  var dialect: CSVDialect
  var maxLine: Int

  /// - Parameter remote: what `remote` gave at an earlier time.
  init(_ settings: BucketSettings, remote: [String: String]) throws(ConnectorError) {
    guard let format = settings.format ?? remote["format"].flatMap(FileFormat.init(rawValue:)) else {
      throw ConnectorError(.unusable, "the format of the files is not known", hint: "Say it with format=csv, jsonl, parquet, avro, delta or iceberg.")
    }
    var found = CSVDialect()
    if let delimiter = remote["delimiter"].flatMap({ UInt8($0) }) { found.delimiter = delimiter }
    if let quote = remote["quote"] { found.quote = UInt8(quote) }
    if let escape = remote["escape"].flatMap(CSVDialect.Escape.init(rawValue:)) { found.escape = escape }
    if let header = remote["header"] { found.hasHeader = header == "on" }
    if let encoding = remote["encoding"].flatMap(TextEncoding.init(rawValue:)) { found.encoding = encoding }
    self.init(format, settings, try settings.dialect(knownTo: found))
  }

  init(_ format: FileFormat, _ settings: BucketSettings, _ dialect: CSVDialect) {
    self.format = format
    compression = settings.compression
    self.dialect = dialect
    maxLine = settings.maxLine
  }

  /// For `SourceSchema.remote`.
  var remote: [String: String] {
    var result = ["checkpoints": "files", "format": format.rawValue]
    if format.isText {
      result["delimiter"] = "\(dialect.delimiter)"
      result["quote"] = dialect.quote.map { "\($0)" } ?? ""
      result["escape"] = dialect.escape.rawValue
      result["header"] = dialect.hasHeader ? "on" : "off"
      result["encoding"] = dialect.encoding.rawValue
    }
    return result
  }

  /// The rows of one file.
  func rows(_ file: BucketFile, _ wanted: [WantedColumn]) async throws -> any FileRows {
    let limits = TextLimits(line: maxLine)
    switch format {
    case .csv, .tsv: return try CSVRows(try await file.stream(compression), dialect: dialect, columns: wanted, limits: limits)
    case .jsonl, .json: return try JSONRows(try await file.stream(compression), columns: wanted, limits: limits)
    case .parquet: return try await ParquetFile.open(file.ranges).rows(wanted)
    case .avro: return try await AvroFile.open(try await file.stream(Compression.none)).rows(wanted)
    case .delta, .iceberg: throw FormatError(.unsupported, "a \(format.rawValue) table is not one file")
    }
  }

  /// A column of a file, and the name that the file has for it.
  struct Seen: Sendable {
    var field: String
    var column: FileColumn
  }

  /// How much of a text file shows its types.
  static let sampleSize = 1 << 20

  /// The columns of some text files together, or of each binary one by its own declaration.
  func columns(_ files: [BucketFile]) async throws -> [Seen] {
    var shape = TextShape()
    var seen = SeenColumns()
    for file in files {
      do {
        switch format {
        case .csv, .tsv:
          let (head, isWhole) = try await file.head(Self.sampleSize, compression)
          if !(isWhole && head.isEmpty) { shape.merge(try CSVInference.shape(sample: head, isWhole: isWhole, dialect: dialect)) }
        case .jsonl, .json:
          let (head, isWhole) = try await file.head(Self.sampleSize, compression)
          if !(isWhole && head.isEmpty) { shape.merge(try JSONInference.shape(sample: head, isWhole: isWhole)) }
        case .parquet: seen.add(Self.named(try await ParquetFile.open(file.ranges).columns))
        case .avro: seen.add(Self.named(try await AvroFile.open(try await file.stream(Compression.none)).columns))
        case .delta, .iceberg: break
        }
      } catch {
        throw BucketFailure.explain(error, file.name)
      }
    }
    return shape.columns.map { Seen(field: $0.field, column: $0.column) } + seen.columns
  }
}

extension FilePlan {
  /// Columns by names that PostgreSQL takes.
  fileprivate static func named(_ columns: [FileColumn]) -> [Seen] {
    zip(columns, ColumnNames.unique(columns.map(\.name))).map { column, name in
      var named = column
      named.name = name
      return Seen(field: column.name, column: named)
    }
  }
}

/// The columns of several files together: of one name, the type that holds them all.
struct SeenColumns {
  private(set) var columns: [FilePlan.Seen] = []
  private var places: [String: Int] = [:]

  mutating func add(_ more: [FilePlan.Seen]) {
    for seen in more {
      let column = seen.column
      if let place = places[column.name] {
        columns[place].column.type = TypeUnion.of(columns[place].column.type, column.type)
        columns[place].column.isRequired = columns[place].column.isRequired && column.isRequired
      } else {
        places[column.name] = columns.count
        columns.append(seen)
      }
    }
  }
}
