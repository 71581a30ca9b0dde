/// Takes a binary `COPY` stream apart into its rows, and puts rows together into a stream again.
///
/// Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": a header of 19 bytes, for
/// each row the number of fields (16 bits) and each field's length (32 bits, -1 for NULL) and bytes, then -1.
public struct BinaryRows: Sendable {
  private var isBegun = false

  public init() {}

  public static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
  public static let trailer: [UInt8] = [0xFF, 0xFF]

  /// The rows of the next batch, as ranges of its bytes.
  ///
  /// - Returns: nil when the bytes are no such stream.
  public mutating func rows(in bytes: [UInt8]) -> [Range<Int>]? {
    var rows: [Range<Int>] = []
    var at = 0
    if !isBegun {
      guard bytes.count >= Self.header.count else { return nil }
      at = Self.header.count
      isBegun = true
    }
    while at < bytes.count {
      guard let fields = Self.integer(bytes, at, 2) else { return nil }
      if fields == 0xFFFF { return at + 2 == bytes.count ? rows : nil }
      guard let end = Self.end(bytes, at + 2, fields) else { return nil }
      rows.append(at..<end)
      at = end
    }
    return rows
  }

  /// A whole stream of these rows.
  public static func stream(_ bytes: [UInt8], _ rows: ArraySlice<Range<Int>>) -> [UInt8] {
    var result = header
    if let first = rows.first, let last = rows.last { result += bytes[first.lowerBound..<last.upperBound] }
    return result + trailer
  }

  /// The rows of a whole stream, without its header and trailer; empty where there is no row.
  public static func body(_ stream: [UInt8]) -> ArraySlice<UInt8> {
    stream.count > header.count + trailer.count ? stream[header.count..<stream.count - trailer.count] : []
  }

  private static func end(_ bytes: [UInt8], _ start: Int, _ fields: Int) -> Int? {
    var at = start
    for _ in 0..<fields {
      guard let length = integer(bytes, at, 4) else { return nil }
      at += 4 + (length == 0xFFFF_FFFF ? 0 : length)
    }
    return at <= bytes.count ? at : nil
  }

  private static func integer(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int? {
    guard at + width <= bytes.count else { return nil }
    return bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) }
  }
}
