/// Types of the keys of a JSON file's objects from a sample of it.
public enum JSONInference {
  /// - Parameters:
  ///   - sample: the beginning of the file, unpacked.
  ///   - isWhole: the sample is the whole file; otherwise its last row may be cut.
  /// - Throws: `FormatError` when there is no object in it.
  public static func shape(sample: [UInt8], isWhole: Bool) throws(FormatError) -> TextShape {
    let text = try SampleText(sample, .utf8).bytes
    var shape = TextShape()
    try text.reading { (bytes) throws(FormatError) in read(bytes, &shape) }
    guard shape.rows > 0 else {
      throw FormatError(
        .corrupt, text.isEmpty ? "the file is empty" : "no JSON object was found at the file's beginning",
        hint: text.isEmpty ? nil : "Is it a file of JSON lines, or of another format?")
    }
    return shape
  }

  private static func read(_ text: UnsafeRawBufferPointer, _ shape: inout TextShape) {
    var topLevel = JSONTopLevel()
    var at = 0
    while true {
      var scanner = JSONScanner(text)
      switch topLevel.find(text, from: at) {
      case .object(let start): scanner.at = start
      case .other(let start):
        scanner.at = start
        guard (try? scanner.value()) != nil else { return }
        topLevel.pass()
        at = scanner.at
        continue
      case .nothing, .broken: return
      }
      at = scanner.at
      do throws(JSONProblem) {
        let members = try members(&scanner)
        shape.rows += 1
        for (key, value) in members { shape.see(key, value) }
        topLevel.pass()
        at = scanner.at
      } catch {
        // A broken row says nothing of the others; one that is cut is the last.
        if error == .endsTooEarly || topLevel.isArray { return }
        at = ByteScan.first(UInt8(ascii: "\n"), in: text, from: at) + 1
        if at >= text.count { return }
      }
    }
  }

  private static func members(_ scanner: inout JSONScanner) throws(JSONProblem) -> [(String, ValueClass)] {
    var result: [(String, ValueClass)] = []
    var scratch: [UInt8] = []
    scanner.at += 1
    while let member = try scanner.member(isFirst: result.isEmpty) {
      JSONScanner.unescape(UnsafeRawBufferPointer(rebasing: scanner.text[member.key]), into: &scratch)
      let value = UnsafeRawBufferPointer(rebasing: scanner.text[member.value])
      result.append((String(decoding: scratch, as: UTF8.self), valueClass(member.kind, value, &scratch)))
    }
    // Of keys that are alike the last one counts, as when the rows are read.
    var last: [String: Int] = [:]
    for (index, member) in result.enumerated() { last[member.0] = index }
    return result.enumerated().filter { last[$0.element.0] == $0.offset }.map(\.element)
  }

  private static func valueClass(_ kind: JSONScanner.Kind, _ value: UnsafeRawBufferPointer, _ scratch: inout [UInt8])
    -> ValueClass
  {
    switch kind {
    case .absent, .null: return .null
    case .bool: return .bool
    case .container: return .container
    case .number: return ValueClass.number(value)
    case .string, .escapedString:
      JSONScanner.unescape(UnsafeRawBufferPointer(rebasing: value[1..<value.count - 1]), into: &scratch)
      return scratch.withUnsafeBytes { ValueClass.ofString($0) }
    }
  }
}
