/// A JSON text that was read once and is looked at in place: one small entry for each value, in the order of the text.
/// For large answers of which most goes on as it came; `JSONValue` is for what is taken apart.
///
/// Values are named by the place of their entry. An object's entries are key, value, key, value, ...
public struct JSONTape: Sendable {
  public enum Kind: UInt8, Sendable {
    case null, bool, number, string, array, object
  }

  struct Entry: Sendable {
    /// First byte of the value's text, quotes and brackets included.
    var start: Int32
    /// Behind its last byte.
    var end: Int32
    /// The entry behind it and everything in it.
    var after: Int32
    var kind: Kind
    /// Whether a string, or one within, has a backslash in it.
    var hasEscapes: Bool
  }

  public let bytes: [UInt8]
  var entries: [Entry]

  /// The outermost value.
  public static let root = 0

  /// Reads one JSON value (RFC 8259), with nothing but white space around it.
  ///
  /// - Parameter depthLimit: how many arrays and objects may stand in each other.
  /// - Throws: `JSONError` for anything else, bytes that are not UTF-8 and texts of 2 GB or more included.
  public init(_ bytes: [UInt8], depthLimit: Int = 128) throws(JSONError) {
    guard bytes.count < Int(Int32.max) else { throw JSONError(reason: "the text is longer than 2 GB", offset: 0) }
    guard bytes.isUTF8 else { throw JSONError(reason: "the text is not UTF-8", offset: 0) }
    var scanner = JSONTapeScanner(bytes.count, depthLimit: depthLimit)
    let failure = bytes.withUnsafeBufferPointer { scanner.scan($0) }
    if let failure { throw failure }
    self.bytes = bytes
    entries = scanner.entries
  }

  public func kind(_ value: Int) -> Kind { entries[value].kind }

  public func isNull(_ value: Int) -> Bool { entries[value].kind == .null }

  public func hasEscapes(_ value: Int) -> Bool { entries[value].hasEscapes }

  /// Where its text lies in `bytes`, quotes and brackets included.
  public func range(_ value: Int) -> Range<Int> { Int(entries[value].start)..<Int(entries[value].end) }

  /// The values of an array, or the keys and values of an object in turn; nothing for anything else.
  public func children(_ value: Int) -> Children { Children(tape: self, next: value + 1, end: Int(entries[value].after)) }

  public struct Children: Sequence, IteratorProtocol {
    let tape: JSONTape
    var next_: Int
    let end: Int

    init(tape: JSONTape, next: Int, end: Int) {
      self.tape = tape
      next_ = next
      self.end = end
    }

    public mutating func next() -> Int? {
      guard next_ < end else { return nil }
      defer { next_ = Int(tape.entries[next_].after) }
      return next_
    }
  }

  /// The entry behind a value and everything in it.
  @inline(__always) public func after(_ value: Int) -> Int { Int(entries[value].after) }

  /// How many elements or members it has.
  public func count(_ value: Int) -> Int {
    let all = children(value).reduce(0) { count, _ in count + 1 }
    return kind(value) == .object ? all / 2 : all
  }

  /// The member with this key, the last one where it occurs twice; nil in anything but an object.
  public func member(_ value: Int, _ key: String) -> Int? {
    guard kind(value) == .object else { return nil }
    var found: Int?
    var at = value + 1
    let end = after(value)
    while at < end {
      if isKey(at, key) { found = at + 1 }
      at = after(at + 1)
    }
    return found
  }

  /// The value that a path of keys leads to.
  public func value(_ start: Int, at path: [String]) -> Int? {
    var at = start
    for key in path {
      guard let next = member(at, key) else { return nil }
      at = next
    }
    return at
  }

  func isKey(_ entry: Int, _ key: String) -> Bool {
    if entries[entry].hasEscapes { return string(entry) == key }
    let text = range(entry)
    return bytes[text.lowerBound + 1..<text.upperBound - 1].elementsEqual(key.utf8)
  }
}

extension [UInt8] {
  /// Whether all of it is UTF-8, with a quick way through ASCII.
  fileprivate var isUTF8: Bool {
    let isASCII = withUnsafeBytes { buffer in
      var at = 0
      var all: UInt64 = 0
      while at + 8 <= buffer.count {
        all |= buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        at += 8
      }
      var rest: UInt8 = 0
      while at < buffer.count {
        rest |= buffer[at]
        at += 1
      }
      return all & 0x8080_8080_8080_8080 == 0 && rest & 0x80 == 0
    }
    return isASCII || String(validating: self, as: UTF8.self) != nil
  }
}
