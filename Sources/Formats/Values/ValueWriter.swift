public import Rows

/// Turns text into a value of one PostgreSQL type: the only place that does so.
///
/// A value is taken as it is or not at all: nothing is rounded, cut or moved to another time zone on the way. Space
/// around a value is skipped where the type is not one of text, as PostgreSQL does.
public struct ValueWriter: Sendable {
  public let type: ColumnType
  let core: ValueCore

  /// - Throws: `FormatError` of the kind `unsupported` for a type that text is not turned into here.
  public init(_ type: ColumnType) throws(FormatError) {
    guard let form = ValueForm(type) else {
      throw FormatError(
        .unsupported, "values of a text file cannot be read as \(type)", hint: "Use text or jsonb, and convert it in a view.")
    }
    self.type = type
    core = ValueCore(form)
  }

  /// Whether an empty text is a value of the type.
  public var takesEmptyText: Bool { core.form.isText }

  /// Writes the value that a text stands for.
  ///
  /// - Parameter isClean: the text is known to be UTF-8 without NUL.
  /// - Returns: why the text is no such value, with nothing written; nil when it was written.
  public func write(_ text: UnsafeRawBufferPointer, isClean: Bool = false, to encoder: inout RowEncoder) -> ValueProblem? {
    core.write(text, isClean: isClean, to: &encoder)
  }
}

/// What a `ValueWriter` does, without the type's name: readers copy it for each value, and a name would be counted.
struct ValueCore: Sendable {
  let form: ValueForm
  private let numeric: NumericForm

  init(_ form: ValueForm) {
    self.form = form
    if case .numeric(let precision, let scale) = form {
      numeric = NumericForm(precision: precision, scale: scale)
    } else {
      numeric = NumericForm(precision: nil, scale: 0)
    }
  }

  /// Writes the value that a text stands for.
  ///
  /// - Parameter isClean: the text is known to be UTF-8 without NUL.
  /// - Returns: why the text is no such value, with nothing written; nil when it was written.
  @inline(__always)
  func write(_ text: UnsafeRawBufferPointer, isClean: Bool = false, to encoder: inout RowEncoder) -> ValueProblem? {
    switch form {
    case .text:
      if !isClean, let problem = TextCheck.problem(text) { return problem }
      encoder.bytes(text)
      return nil
    case .int64:
      guard let value = IntegerText.parse(text) else { return trimmed(text, &encoder, as: .number) }
      encoder.int64(value)
      return nil
    case .numeric:
      if let problem = numeric.write(text, to: &encoder) { return trimmed(text, &encoder, as: problem) }
      return nil
    case .timestamp(let digits, let hasZone):
      switch TimeText.timestamp(text, digits: digits, hasZone: hasZone) {
      case .success(let value):
        encoder.int64(value)
        return nil
      case .failure(let problem): return trimmed(text, &encoder, as: problem)
      }
    default: return writeOther(text, isClean, &encoder)
    }
  }

  private func writeOther(_ text: UnsafeRawBufferPointer, _ isClean: Bool, _ encoder: inout RowEncoder) -> ValueProblem? {
    switch form {
    case .limitedText(let limit):
      if !isClean, let problem = TextCheck.problem(text) { return problem }
      guard TextCheck.characters(text) <= limit else { return .tooLong(limit) }
      encoder.bytes(text)
      return nil
    case .json, .jsonb:
      if let problem = JSONText.problem(text) { return problem }
      if form == .jsonb { encoder.jsonb(text) } else { encoder.bytes(text) }
      return nil
    default:
      guard let problem = writeScalar(text, &encoder) else { return nil }
      return trimmed(text, &encoder, as: problem)
    }
  }

  private func writeScalar(_ text: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) -> ValueProblem? {
    switch form {
    case .bool:
      guard let value = WordText.bool(text) else { return .notBool }
      encoder.bool(value)
    case .int16, .int32:
      guard let value = IntegerText.parse(text) else { return IntegerText.isInteger(text) ? .outOfRange : .number }
      return writeSmall(value, &encoder)
    case .float:
      switch FloatText.float(text) {
      case .success(let value): encoder.float(value)
      case .failure(let problem): return problem
      }
    case .double:
      switch FloatText.double(text) {
      case .success(let value): encoder.double(value)
      case .failure(let problem): return problem
      }
    case .date:
      switch TimeText.date(text) {
      case .success(let days): encoder.int32(days)
      case .failure(let problem): return problem
      }
    case .time(let digits):
      switch TimeText.time(text, digits: digits) {
      case .success(let value): encoder.time(microseconds: value)
      case .failure(let problem): return problem
      }
    case .uuid:
      guard let (high, low) = WordText.uuid(text) else { return .notUUID }
      encoder.uuid(high: high, low: low)
    case .bytea: return WordText.bytea(text, to: &encoder)
    default: return .number
    }
    return nil
  }

  private func writeSmall(_ value: Int64, _ encoder: inout RowEncoder) -> ValueProblem? {
    if form == .int16 {
      guard let value = Int16(exactly: value) else { return .outOfRange }
      encoder.int16(value)
    } else {
      guard let value = Int32(exactly: value) else { return .outOfRange }
      encoder.int32(value)
    }
    return nil
  }

  /// Tries again without space around the text. `problem` is the answer where there is none.
  @inline(never)
  private func trimmed(_ text: UnsafeRawBufferPointer, _ encoder: inout RowEncoder, as problem: ValueProblem) -> ValueProblem? {
    let inner = text.trimmingSpace()
    if inner.count < text.count { return write(inner, to: &encoder) }
    if form == .int64, problem == .number, IntegerText.isInteger(text) { return .outOfRange }
    return problem
  }
}

extension UnsafeRawBufferPointer {
  /// Without ASCII's white space at both ends.
  func trimmingSpace() -> UnsafeRawBufferPointer {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
      return UnsafeRawBufferPointer(rebasing: self[0..<0])
    }
    return UnsafeRawBufferPointer(rebasing: self[first...last])
  }
}
