import Rows

/// A Parquet file whose footer has been read: its columns, and a way to its rows.
///
/// The file is read in ranges: first its end, then what the wanted columns need. Of a file of at most 64 KB that is a
/// single request.
///
/// What is in memory at a time: the footer; packed bytes of one lot of row groups (8 MB, or of a larger group a piece of
/// each wanted column, 8 MB together) and as much fetched ahead; for each wanted column one unpacked page and its
/// dictionary; at most 1 MB of encoded rows for each column that is ahead of the others; and one batch.
///
/// Format: https://github.com/apache/parquet-format.
public struct ParquetFile: Sendable {
  /// In the file's order. Where two have one name, the later ones get a number.
  public let columns: [FileColumn]
  /// The writers' own numbers of the columns, by which Iceberg and Delta tell them apart when names change.
  public let fieldIDs: [Int32?]
  /// As the footer says.
  public let rowCount: Int64
  public let rowGroupCount: Int
  /// The program that wrote the file, as it calls itself.
  public let writer: String

  let ranges: TailedRanges
  let metadata: ParquetMetadata
  let schema: ParquetSchema

  /// Reads the footer.
  ///
  /// - Throws: `FormatError` when it is no Parquet file or one that cannot be read; what `ranges` throws.
  public static func open(_ ranges: any ByteRanges) async throws -> ParquetFile {
    let (tail, footer) = try await ParquetFooter.read(ranges)
    return try ParquetFile(tail, footer)
  }

  init(_ ranges: TailedRanges, _ footer: ParquetFooter) throws(FormatError) {
    self.ranges = ranges
    metadata = footer.metadata
    do throws(FormatError) { schema = try ParquetSchema(footer.metadata.elements) } catch {
      var error = error
      error.offset = ranges.dataEnd
      throw error
    }
    rowCount = metadata.rowCount
    rowGroupCount = metadata.groups.count
    writer = metadata.writer
    fieldIDs = schema.columns.map(\.fieldID)
    columns = Self.columns(schema.columns)
  }

  /// The rows, from the first one on.
  ///
  /// Nested columns can be had as `jsonb`, `json` or `text`. A column of single values can be had as any type that is able
  /// to hold some of its values; those that do not fit are rejected. Floating point becomes exact by its shortest decimal
  /// text. Times without a zone are taken as UTC where the wanted type has one.
  ///
  /// - Throws: `FormatError` when a column cannot be had as the type that is wanted.
  public func rows(_ wanted: [WantedColumn]) throws(FormatError) -> any FileRows {
    guard wanted.count <= 1600 else {
      throw FormatError(
        .unsupported, "\(wanted.count) columns are wanted, and a table of PostgreSQL has at most 1,600",
        hint: "Choose the columns that are needed.")
    }
    return try ParquetRows(self, wanted)
  }

  private static func columns(_ nodes: [SchemaNode]) -> [FileColumn] {
    var taken = Set(nodes.map(\.name))
    var seen: Set<String> = []
    return nodes.map { node in
      var (name, note) = (node.name, node.note)
      if !seen.insert(name).inserted {
        let number = (2...).first { !taken.contains("\(node.name)_\($0)") } ?? 2
        name = "\(node.name)_\(number)"
        taken.insert(name)
        note = "the file has more than one column with the name \(node.name.shown)" + (note.map { "; \($0)" } ?? "")
      }
      let type = node.leaf?.type.columnType ?? "jsonb"
      return FileColumn(
        name: name, type: ColumnType(type), fileType: node.typeName, isRequired: node.isRequired && node.leaf != nil,
        note: note)
    }
  }
}

/// A file whose last bytes are in memory already.
struct TailedRanges: ByteRanges {
  let base: any ByteRanges
  let tailStart: Int64
  let tail: [UInt8]
  /// Where the footer begins: no page lies behind it.
  let dataEnd: Int64

  var size: Int64 { base.size }

  func read(_ range: Range<Int64>) async throws -> [UInt8] {
    if range.lowerBound >= tailStart {
      return Array(tail[Int(range.lowerBound - tailStart)..<Int(range.upperBound - tailStart)])
    }
    let bytes = try await base.read(range)
    guard bytes.count == range.count else {
      throw FormatError(
        .truncated, "\(range.count) bytes were asked for and \(bytes.count) came", offset: range.lowerBound)
    }
    return bytes
  }
}
