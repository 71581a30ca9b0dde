/// Finds the objects of a file: one on each line, several in a row, or the elements of one array.
struct JSONTopLevel {
  enum Found: Equatable {
    /// An object begins at a place.
    case object(at: Int)
    /// Something else begins at a place where an object is expected.
    case other(at: Int)
    /// There is nothing more, for now or at all.
    case nothing(at: Int)
    /// The array breaks JSON's rules at a place.
    case broken(JSONProblem)
  }

  private enum Form { case unknown, lines, array, arrayBehindElement, behindArray }

  private var form = Form.unknown

  /// Whether the file is one array: an error in it cannot be skipped, since there are no lines to go on at.
  var isArray: Bool { form == .array || form == .arrayBehindElement || form == .behindArray }
  /// Whether the file may end here.
  var mayEnd: Bool { form != .array && form != .arrayBehindElement }

  /// The next object from a place on.
  mutating func find(_ text: UnsafeRawBufferPointer, from start: Int) -> Found {
    var scanner = JSONScanner(text)
    scanner.at = start
    while true {
      scanner.skipSpace()
      guard scanner.at < text.count else { return .nothing(at: scanner.at) }
      let at = scanner.at
      switch (form, text[at]) {
      case (.unknown, UInt8(ascii: "[")):
        form = .array
        scanner.at += 1
      case (.unknown, _): form = .lines
      // Commas between objects, as ClickHouse takes them.
      case (.lines, UInt8(ascii: ",")): scanner.at += 1
      case (.arrayBehindElement, UInt8(ascii: ",")):
        form = .array
        scanner.at += 1
      case (.array, UInt8(ascii: "]")), (.arrayBehindElement, UInt8(ascii: "]")):
        form = .behindArray
        scanner.at += 1
      case (.arrayBehindElement, _): return .broken(.expected(.comma, at: at))
      case (.behindArray, _): return .broken(.expected(.end, at: at))
      case (_, UInt8(ascii: "{")): return .object(at: at)
      default: return .other(at: at)
      }
    }
  }

  /// Says that the object or value that was found has been read.
  mutating func pass() {
    if form == .array { form = .arrayBehindElement }
  }
}
