/// The rows of a binary `COPY` stream, each column's bytes by its name.
public enum CopyRows {
  /// - Returns: nil when the bytes are no such stream, or a row has another number of columns.
  public static func read(_ stream: [UInt8], columns: [String]) -> [[String: [UInt8]]]? {
    guard stream.count >= 21, stream.starts(with: Array("PGCOPY\n".utf8)) else { return stream.isEmpty ? [] : nil }
    var at = 19
    func number(_ width: Int) -> Int {
      defer { at += width }
      return stream[at..<at + width].reduce(0) { $0 << 8 | Int($1) }
    }
    var rows: [[String: [UInt8]]] = []
    while at + 2 <= stream.count {
      let fields = number(2)
      if fields == 0xFFFF { return at == stream.count ? rows : nil }
      guard fields == columns.count else { return nil }
      var row: [String: [UInt8]] = [:]
      for column in columns {
        guard at + 4 <= stream.count else { return nil }
        let length = number(4)
        if length == 0xFFFF_FFFF { continue }
        guard at + length <= stream.count else { return nil }
        row[column] = Array(stream[at..<at + length])
        at += length
      }
      rows.append(row)
    }
    return nil
  }
}
