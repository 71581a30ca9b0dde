import Rows

/// Turns the objects of a window into binary rows: the part of `JSONRows` that does not wait.
struct JSONDecoder: ~Copyable {
  enum Step {
    case batch(FileBatch)
    case needsMore
    case end
  }

  /// Where a key's value stands in the row.
  private struct Slot {
    var kind = JSONScanner.Kind.absent
    var start = 0
    var end = 0
  }

  private let columns: [WantedColumn]
  private let limits: TextLimits
  private var constants: [[UInt8]] = []
  var window = TextWindow()
  private let keys: JSONKeys
  private let slots: UnsafeMutableBufferPointer<Slot>
  private let targets: UnsafeMutableBufferPointer<ColumnTarget>
  private var encoder: RowEncoder
  private var topLevel = JSONTopLevel()
  private var rejects: [RejectedRow] = []
  private var row = 0
  private var scratch: [UInt8] = []
  private var hasBegun = false
  private var hasEnded = false
  private var failure: FormatError?
  /// The row's beginning is not looked at again until the window is so large.
  private var wanted = 0

  init(_ columns: [WantedColumn], _ limits: TextLimits) throws(FormatError) {
    self.columns = columns
    self.limits = limits
    var names: [String: Int] = [:]
    var list: [ColumnTarget] = []
    for column in columns {
      var target = try ColumnTarget(column, &constants)
      if case .field(let name) = column.origin {
        let index = names[name] ?? names.count
        names[name] = index
        (target.source, target.place) = (.field, index)
      }
      list.append(target)
    }
    keys = JSONKeys(names.sorted { $0.value < $1.value }.map { Array($0.key.utf8) })
    slots = .allocate(capacity: names.count)
    slots.initialize(repeating: Slot())
    targets = .allocate(capacity: list.count)
    _ = targets.initialize(from: list)
    encoder = RowEncoder(columns: columns.count, capacity: Self.batchSize + 64 << 10)
  }

  deinit {
    slots.deallocate()
    targets.deallocate()
  }

  private static var batchSize: Int { 512 << 10 }

  /// The next batch, if the window holds enough for one. An error comes after the rows that precede it.
  mutating func next() throws(FormatError) -> Step {
    if let failure, encoder.rows == 0, rejects.isEmpty { throw failure }
    if hasEnded { return .end }
    if failure == nil {
      do throws(FormatError) {
        if try !decode() { return .needsMore }
      } catch {
        failure = error
        guard encoder.rows > 0 || !rejects.isEmpty else { throw error }
      }
    }
    if failure == nil { hasEnded = window.isLast && window.count == 0 }
    let batch = FileBatch(encoder.takeBatch(isLast: hasEnded), rejects: rejects)
    rejects = []
    return .batch(batch)
  }

  /// - Returns: whether a batch is to be given out; false where more bytes are needed first.
  private mutating func decode() throws(FormatError) -> Bool {
    if !hasBegun {
      guard window.isLast || window.count >= 3 else { return false }
      hasBegun = true
      if window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.drop(3) }
    }
    if window.count < wanted, !window.isLast { return false }
    wanted = 0
    var at = 0
    defer { window.drop(at) }
    let text = window.bytes
    while true {
      switch topLevel.find(text, from: at) {
      case .nothing(let end):
        at = end
        guard window.isLast else { return false }
        guard topLevel.mayEnd else { throw truncated(end) }
        return true
      case .broken(let problem): throw broken(at, problem)
      case .object(let start):
        at = start
        guard try take(text, &at, isObject: true) else { return false }
      case .other(let start):
        at = start
        guard try take(text, &at, isObject: false) else { return false }
      }
      if encoder.count >= Self.batchSize || rejects.count >= 10_000 { return true }
    }
  }

  /// Reads the object, or what stands in its place.
  ///
  /// - Returns: false where it is not whole yet; `at` is then as it was.
  @inline(__always)
  private mutating func take(_ text: UnsafeRawBufferPointer, _ at: inout Int, isObject: Bool) throws(FormatError) -> Bool {
    var scanner = JSONScanner(text)
    scanner.at = at
    do throws(JSONProblem) {
      if isObject { try read(&scanner) } else { try skipOther(&scanner) }
      let range = at..<scanner.at
      guard range.count <= limits.line else { throw JSONProblem.longRow }
      row += 1
      if isObject { encode(text, range) } else { reject(at, "the row is \(Self.name(text[at])), not an object") }
      topLevel.pass()
      at = range.upperBound
      return true
    } catch {
      if error == .endsTooEarly {
        guard !window.isLast else { throw truncated(at) }
        guard text.count - at <= limits.line else { throw tooLong(at) }
        wanted = (text.count - at) * 2
        return false
      }
      if error == .longRow { throw tooLong(at) }
      return try recover(text, &at, error)
    }
  }

  /// After an error in an object, goes on at the next line.
  @inline(never)
  private mutating func recover(_ text: UnsafeRawBufferPointer, _ at: inout Int, _ problem: JSONProblem) throws(FormatError)
    -> Bool
  {
    guard !topLevel.isArray else { throw broken(at, problem) }
    let end = ByteScan.first(UInt8(ascii: "\n"), in: text, from: at)
    if end == text.count, !window.isLast {
      guard text.count - at <= limits.line else { throw tooLong(at) }
      wanted = (text.count - at) * 2
      return false
    }
    row += 1
    reject(at, "the row is no JSON: \(Self.reason(problem, from: at))")
    at = min(end + 1, text.count)
    return true
  }

  /// Places are told within the row.
  private static func reason(_ problem: JSONProblem, from start: Int) -> String {
    switch problem {
    case .expected(let word, let place): JSONProblem.expected(word, at: place - start).reason
    case .controlCharacter(let place): JSONProblem.controlCharacter(at: place - start).reason
    default: problem.reason
    }
  }

  private func broken(_ at: Int, _ problem: JSONProblem) -> FormatError {
    FormatError(
      .corrupt, "the array is no JSON: \(Self.reason(problem, from: at))",
      hint: "In one array an error cannot be skipped. Write one object on each line.", row: row + 1,
      offset: window.offset + Int64(at))
  }

  private func truncated(_ at: Int) -> FormatError {
    FormatError(
      .truncated, topLevel.isArray ? "the file ends before its array does" : "the file ends within a row",
      hint: "Was it still being written? It must be uploaded again if not.", row: row + 1, offset: window.offset + Int64(at))
  }

  private func tooLong(_ at: Int) -> FormatError {
    limits.tooLong(row: row + 1, offset: window.offset + Int64(at), hint: "Perhaps the file is not of JSON lines.")
  }

  private static func name(_ first: UInt8) -> String {
    switch first {
    case UInt8(ascii: "["): "an array"
    case UInt8(ascii: "\""): "a string"
    case UInt8(ascii: "n"): "null"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
    default: "a number"
    }
  }

  /// A value that is no object, and after which the line must end or another value begin.
  private func skipOther(_ scanner: inout JSONScanner) throws(JSONProblem) {
    _ = try scanner.value()
    // A number may go on.
    if scanner.at == scanner.text.count, !window.isLast { throw .endsTooEarly }
  }

  /// Finds the values of the wanted keys; the last of several alike counts, as in jsonb.
  @inline(__always)
  private mutating func read(_ scanner: inout JSONScanner) throws(JSONProblem) {
    slots.update(repeating: Slot())
    scanner.at += 1
    var place = 0
    while let member = try scanner.member(isFirst: place == 0) {
      let key = UnsafeRawBufferPointer(rebasing: scanner.text[member.key])
      let index = member.keyHasEscapes ? unescapedIndex(key) : keys.index(key, place: place)
      if index >= 0 { slots[index] = Slot(kind: member.kind, start: member.value.lowerBound, end: member.value.upperBound) }
      place += 1
    }
  }

  private mutating func unescapedIndex(_ key: UnsafeRawBufferPointer) -> Int {
    JSONScanner.unescape(key, into: &scratch)
    return scratch.withUnsafeBytes { keys.index($0, place: .max) }
  }

  @inline(__always)
  private mutating func encode(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) {
    guard window.isClean(range) else {
      let place = TextCheck.cleanEnd(UnsafeRawBufferPointer(rebasing: text[range]), from: 0)
      return reject(range.lowerBound, "the row is not UTF-8 at its byte \(place + 1)")
    }
    encoder.beginRow()
    for index in 0..<targets.count {
      let place = targets[index].place
      switch targets[index].source {
      case .missing: encoder.null()
      case .field:
        let slot = slots[place]
        if slot.kind == .absent || slot.kind == .null {
          encoder.null()
        } else if let problem = write(text, slot, index) {
          return reject(text, range.lowerBound, slot, index, problem)
        }
      case .constant: encoder.append(constants[place])
      case .rowNumber:
        if let problem = writeRowNumber(index) {
          encoder.cancelRow()
          return reject(range.lowerBound, "the row's number \(problem.reason)")
        }
      }
    }
    encoder.endRow()
  }

  /// Writes a value that is not null.
  @inline(__always)
  private mutating func write(_ text: UnsafeRawBufferPointer, _ slot: Slot, _ index: Int) -> ValueProblem? {
    let raw = UnsafeRawBufferPointer(start: text.baseAddress.unsafelyUnwrapped + slot.start, count: slot.end - slot.start)
    if targets[index].core.form.isJSON { return writeJSON(raw, slot.kind, index) }
    switch slot.kind {
    case .string:
      let inner = UnsafeRawBufferPointer(start: raw.baseAddress.unsafelyUnwrapped + 1, count: raw.count - 2)
      return targets[index].core.write(inner, isClean: true, to: &encoder)
    case .escapedString: return writeEscaped(UnsafeRawBufferPointer(rebasing: raw[1..<raw.count - 1]), index)
    case .number where !targets[index].core.form.takesNumbers: return targets[index].core.form.problem
    default: return targets[index].core.write(raw, isClean: true, to: &encoder)
    }
  }

  private mutating func writeEscaped(_ inner: UnsafeRawBufferPointer, _ index: Int) -> ValueProblem? {
    JSONScanner.unescape(inner, into: &scratch)
    return scratch.withUnsafeBytes { targets[index].core.write($0, isClean: true, to: &encoder) }
  }

  private mutating func writeJSON(_ raw: UnsafeRawBufferPointer, _ kind: JSONScanner.Kind, _ index: Int) -> ValueProblem? {
    if kind == .number, !JSONScanner.fitsNumeric(raw) { return .json(.numberOutOfRange) }
    guard raw.count < JSONText.longest else { return .json(.tooLong) }
    if targets[index].core.form == .jsonb { encoder.jsonb(raw) } else { encoder.bytes(raw) }
    return nil
  }

  private mutating func writeRowNumber(_ index: Int) -> ValueProblem? {
    var digits = "\(row)"
    return digits.withUTF8 { targets[index].core.write(UnsafeRawBufferPointer($0), isClean: true, to: &encoder) }
  }

  @inline(never)
  private mutating func reject(
    _ text: UnsafeRawBufferPointer, _ at: Int, _ slot: Slot, _ index: Int, _ problem: ValueProblem
  ) {
    encoder.cancelRow()
    let value = UnsafeRawBufferPointer(rebasing: text[slot.start..<slot.end])
    let isString = slot.kind == .string || slot.kind == .escapedString
    let shown = isString ? UnsafeRawBufferPointer(rebasing: value[1..<value.count - 1]) : value
    reject(at, problem.sentence(column: columns[index], value: shown))
  }

  private mutating func reject(_ at: Int, _ reason: String) {
    rejects.append(RejectedRow(row: row, offset: window.offset + Int64(at), reason: reason))
  }
}
