public import Rows
public struct ParquetFile: Sendable {
  public let columns: [FileColumn]
  public static func open(_ ranges: any ByteRanges) async throws -> ParquetFile { throw FormatError(.unsupported, "stub") }
  public func rows(_ wanted: [WantedColumn]) throws(FormatError) -> any FileRows { throw FormatError(.unsupported, "stub") }
}
public struct AvroFile: Sendable {
  public let columns: [FileColumn]
  public static func open(_ ranges: any ByteStream) async throws -> AvroFile { throw FormatError(.unsupported, "stub") }
  public func rows(_ wanted: [WantedColumn]) throws -> any FileRows { throw FormatError(.unsupported, "stub") }
}
