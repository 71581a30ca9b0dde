/// Writes the entries of a `JSONTape`: one pass over bytes that are known to be UTF-8.
struct JSONTapeScanner {
  var entries: [JSONTape.Entry] = []
  private let depthLimit: Int
  private var at = 0
  private var open: [Int] = []

  init(_ count: Int, depthLimit: Int) {
    self.depthLimit = depthLimit
    entries.reserveCapacity(count / 16 + 8)
  }

  private enum State { case value, firstElementOrEnd, firstKeyOrEnd, key, afterValue }

  /// - Returns: what is wrong; nil where it is JSON.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
    var state = State.value
    while true {
      skipSpace(bytes)
      guard at < bytes.count else {
        return state == .afterValue && open.isEmpty && !entries.isEmpty ? nil : error("the text ends too soon")
      }
      let byte = bytes[at]
      switch state {
      case .afterValue:
        guard let container = open.last else { return error("expected nothing after the value") }
        let isObject = entries[container].kind == .object
        if byte == UInt8(ascii: ",") {
          at += 1
          state = isObject ? .key : .value
        } else if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          close(container)
        } else {
          return error(isObject ? "expected a comma or \"}\"" : "expected a comma or \"]\"")
        }
      case .firstKeyOrEnd where byte == UInt8(ascii: "}"), .firstElementOrEnd where byte == UInt8(ascii: "]"):
        close(open[open.count - 1])
        state = .afterValue
      case .key, .firstKeyOrEnd:
        guard byte == UInt8(ascii: "\"") else { return error("expected a key") }
        if let failure = string(bytes) { return failure }
        skipSpace(bytes)
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { return error("expected a colon") }
        at += 1
        state = .value
      case .value, .firstElementOrEnd:
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          guard open.count < depthLimit else { return error("more than \(depthLimit) arrays and objects stand in each other") }
          let isObject = byte == UInt8(ascii: "{")
          open.append(entries.count)
          entries.append(.init(start: Int32(at), end: 0, after: 0, kind: isObject ? .object : .array, hasEscapes: false))
          at += 1
          state = isObject ? .firstKeyOrEnd : .firstElementOrEnd
        default:
          if let failure = scalar(byte, bytes) { return failure }
          state = .afterValue
        }
      }
    }
  }

  private mutating func close(_ container: Int) {
    at += 1
    open.removeLast()
    entries[container].end = Int32(at)
    entries[container].after = Int32(entries.count)
    if entries[container].hasEscapes, let outer = open.last { entries[outer].hasEscapes = true }
  }

  private mutating func scalar(_ byte: UInt8, _ bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
    switch byte {
    case UInt8(ascii: "\""): return string(bytes)
    case UInt8(ascii: "t"): return word("true", .bool, bytes)
    case UInt8(ascii: "f"): return word("false", .bool, bytes)
    case UInt8(ascii: "n"): return word("null", .null, bytes)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number(bytes)
    default: return error("expected a value")
    }
  }

  private mutating func add(_ start: Int, _ kind: JSONTape.Kind, hasEscapes: Bool = false) {
    entries.append(.init(start: Int32(start), end: Int32(at), after: Int32(entries.count + 1), kind: kind, hasEscapes: hasEscapes))
  }

  private mutating func word(_ word: StaticString, _ kind: JSONTape.Kind, _ bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
    let start = at
    for offset in 0..<word.utf8CodeUnitCount {
      guard start + offset < bytes.count, bytes[start + offset] == word.utf8Start[offset] else { return error("expected a value") }
    }
    at += word.utf8CodeUnitCount
    add(start, kind)
    return nil
  }

  private mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
    let start = at
    var hasEscapes = false
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        add(start, .string, hasEscapes: hasEscapes)
        if hasEscapes, let outer = open.last { entries[outer].hasEscapes = true }
        return nil
      }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        guard let width = escape(bytes) else { return error("an escape that JSON has not") }
        at += width
      } else if byte < 0x20 {
        return error("a control character in a string")
      } else {
        at += 1
      }
    }
    return error("a string does not end")
  }

  /// - Returns: how many bytes the escape at the current place takes.
  private func escape(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard at + 1 < bytes.count else { return nil }
    switch bytes[at + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard at + 5 < bytes.count, (2..<6).allSatisfy({ hexDigit(bytes[at + $0]) != nil }) else { return nil }
      return 6
    default: return nil
    }
  }

  private mutating func number(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    if at < bytes.count, bytes[at] == UInt8(ascii: "0") { at += 1 } else if !digits(bytes) { return error("expected a digit") }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      guard digits(bytes) else { return error("expected a digit") }
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      guard digits(bytes) else { return error("expected a digit") }
    }
    add(start, .number)
    return nil
  }

  private mutating func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = at
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    return at > start
  }

  @inline(__always) private mutating func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>) {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at += 1 }
  }

  private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: at) }
}

func hexDigit(_ byte: UInt8) -> UInt16? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
  default: nil
  }
}
