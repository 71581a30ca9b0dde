import Rows

/// Writes a run of decoded values as entries: fields of a `COPY` stream, or JSON for a leaf of a nested column.
///
/// What a value becomes is decided once for the column; the loops over values then have no choice left in them.
struct FieldWriter {
  enum Output: Sendable, Hashable {
    case field(Target)
    /// Pieces of JSON; what is not there is left empty.
    case json
  }

  let leaf: SchemaLeaf
  let output: Output
  private let form: Form

  /// The ways that are worth a loop of their own; all others go through `Scalar`.
  private enum Form {
    case boolean, smallint, integer, bigint, real, double, date, microseconds, milliseconds, text, bytes
    case unsigned32
    /// Whole numbers times a power of ten, below a limit.
    case number(factor: Int64, limit: Int64, scale: Int)
    case bigNumber(scale: Int, limit: Int128)
    case anything
  }

  init(_ leaf: SchemaLeaf, _ output: Output) {
    self.leaf = leaf
    self.output = output
    if case .field(let target) = output { form = Self.form(leaf, target) } else { form = .anything }
  }

  private static func form(_ leaf: SchemaLeaf, _ target: Target) -> Form {
    switch (leaf.type, target) {
    case (.boolean, .boolean): .boolean
    case (.integer(_, true), .smallint): .smallint
    case (.integer(_, true), .integer): .integer
    case (.integer(_, true), .bigint): .bigint
    case (.integer(32, false), .bigint): .unsigned32
    case (.float, .real): .real
    case (.double, .double): .double
    case (.date, .date): .date
    case (.timestamp(.microseconds, _), .timestamp), (.timestamp(.microseconds, _), .timestamptz): .microseconds
    case (.timestamp(.milliseconds, _), .timestamp), (.timestamp(.milliseconds, _), .timestamptz): .milliseconds
    case (.string, .text(nil)): .text
    case (.bytes, .bytea): .bytes
    case (.decimal(_, let scale), .numeric(let digits?)): number(leaf, scale, digits)
    case (.integer(_, true), .numeric(let digits?)): number(leaf, 0, digits)
    default: .anything
    }
  }

  private static func number(_ leaf: SchemaLeaf, _ scale: Int, _ digits: Target.Digits) -> Form {
    if leaf.physical.isNumber {
      guard (0...18).contains(digits.scale - scale), digits.precision <= 18 else { return .anything }
      return .number(
        factor: Int64(Scalar.powersOfTen[digits.scale - scale]), limit: Int64(Scalar.powersOfTen[digits.precision]),
        scale: digits.scale)
    }
    guard digits.scale == scale, digits.precision <= 38 else { return .anything }
    return .bigNumber(scale: scale, limit: Int128(Scalar.powersOfTen[digits.precision]))
  }

  /// Writes values that were decoded as numbers.
  ///
  /// - Parameters:
  ///   - count: entries, those that are NULL included.
  ///   - levels: their definition levels, of which the leaf's greatest says that there is a value; nil when all have one.
  func write(_ numbers: UnsafePointer<Int64>, _ count: Int, _ levels: UnsafePointer<UInt32>?, to entries: EntryBuffer) {
    let misfits: [Misfit]
    switch form {
    case .boolean: misfits = each(count, levels, entries) { $1.bool(numbers[$0] != 0); return true }
    case .smallint:
      misfits = each(count, levels, entries) {
        guard let value = Int16(exactly: numbers[$0]) else { return false }
        $1.int16(value)
        return true
      }
    case .integer:
      misfits = each(count, levels, entries) {
        guard let value = Int32(exactly: numbers[$0]) else { return false }
        $1.int32(value)
        return true
      }
    case .bigint: misfits = each(count, levels, entries) { $1.int64(numbers[$0]); return true }
    case .unsigned32:
      misfits = each(count, levels, entries) { $1.int64(numbers[$0] & 0xFFFF_FFFF); return true }
    case .real:
      misfits = each(count, levels, entries) {
        $1.float(Float(bitPattern: UInt32(truncatingIfNeeded: numbers[$0])))
        return true
      }
    case .double:
      misfits = each(count, levels, entries) { $1.double(Double(bitPattern: UInt64(bitPattern: numbers[$0]))); return true }
    case .date:
      misfits = each(count, levels, entries) {
        guard PostgresRange.days.contains(numbers[$0]) else { return false }
        $1.date(daysSince1970: Int32(truncatingIfNeeded: numbers[$0]))
        return true
      }
    case .microseconds:
      misfits = each(count, levels, entries) { Self.putTimestamp(numbers[$0], &$1) }
    case .milliseconds:
      misfits = each(count, levels, entries) {
        guard let value = Scalar.microseconds(numbers[$0], .milliseconds) else { return false }
        return Self.putTimestamp(value, &$1)
      }
    case .number(let factor, let limit, let scale):
      misfits = each(count, levels, entries) {
        let (value, overflows) = numbers[$0].multipliedReportingOverflow(by: factor)
        guard !overflows, value < limit, value > -limit else { return false }
        $1.numeric(unscaled: value, scale: scale)
        return true
      }
    default:
      misfits = each(count, levels, entries) { put(Scalar(numbers[$0], leaf.type, leaf.physical), &$1) }
    }
    for misfit in misfits {
      entries.misfits[misfit.entry] = reason(Scalar(numbers[misfit.value], leaf.type, leaf.physical))
    }
  }

  /// Writes values that were decoded as bytes.
  func write(_ values: UnsafePointer<ValueBytes>, _ count: Int, _ levels: UnsafePointer<UInt32>?, to entries: EntryBuffer) {
    let misfits: [Misfit]
    switch form {
    case .text:
      misfits = each(count, levels, entries) {
        guard ParquetTextCheck.firstFault(values[$0]) == nil else { return false }
        $1.bytes(values[$0])
        return true
      }
    case .bytes: misfits = each(count, levels, entries) { $1.bytes(values[$0]); return true }
    case .bigNumber(let scale, let limit):
      misfits = each(count, levels, entries) {
        guard let value = Scalar.unscaled(values[$0]), value < limit, value > -limit else { return false }
        if let small = Int64(exactly: value) {
          $1.numeric(unscaled: small, scale: scale)
        } else {
          $1.numeric(unscaled: value, scale: scale)
        }
        return true
      }
    default:
      misfits = each(count, levels, entries) { put(Scalar(values[$0], leaf.type), &$1) }
    }
    for misfit in misfits { entries.misfits[misfit.entry] = reason(Scalar(values[misfit.value], leaf.type)) }
  }

  /// Writes entries that a dictionary holds, encoded already.
  ///
  /// - Parameter indices: of those that have a value, all of them within the dictionary.
  func write(
    _ dictionary: EntryBuffer, _ indices: UnsafePointer<UInt32>, _ count: Int, _ levels: UnsafePointer<UInt32>?,
    to entries: EntryBuffer
  ) {
    let fields = dictionary.fields()
    let misfits = each(count, levels, entries) {
      $1.append(fields, Int(indices[$0]))
      return true
    }
    assert(misfits.isEmpty)
    guard !dictionary.misfits.isEmpty else { return }
    var value = 0
    let first = entries.origin + entries.count - count
    for entry in 0..<count where levels.map({ $0[entry] == UInt32(leaf.maxDefinition) }) ?? true {
      if let reason = dictionary.misfits[Int(indices[value])] { entries.misfits[first + entry] = reason }
      value += 1
    }
  }

  /// Writes entries of which none has a value.
  func writeNulls(_ count: Int, to entries: EntryBuffer) {
    entries.add(count) { encoder, ends in
      for entry in 0..<count {
        if output != .json { encoder.null() }
        ends[entry] = encoder.count
      }
    }
  }

  private struct Misfit {
    var entry: Int
    var value: Int
  }

  /// - Parameter put: writes the value with this index; false, with nothing written, when it does not fit.
  @inline(__always)
  private func each(
    _ count: Int, _ levels: UnsafePointer<UInt32>?, _ entries: EntryBuffer, _ put: (Int, inout RowEncoder) -> Bool
  ) -> [Misfit] {
    var misfits: [Misfit] = []
    let first = entries.origin + entries.count
    let isField = output != .json
    let greatest = UInt32(leaf.maxDefinition)
    entries.add(count) { encoder, ends in
      if let levels {
        var value = 0
        for entry in 0..<count {
          if levels[entry] == greatest {
            if !put(value, &encoder) {
              misfits.append(Misfit(entry: first + entry, value: value))
              encoder.null()
            }
            value += 1
          } else if isField {
            encoder.null()
          }
          ends[entry] = encoder.count
        }
      } else {
        for entry in 0..<count {
          if !put(entry, &encoder) {
            misfits.append(Misfit(entry: first + entry, value: entry))
            encoder.null()
          }
          ends[entry] = encoder.count
        }
      }
    }
    return misfits
  }

  @inline(__always)
  private static func putTimestamp(_ microseconds: Int64, _ encoder: inout RowEncoder) -> Bool {
    guard PostgresRange.microseconds.contains(microseconds) else { return false }
    encoder.timestamp(microsecondsSince1970: microseconds)
    return true
  }

  private func put(_ scalar: Scalar?, _ encoder: inout RowEncoder) -> Bool {
    guard let scalar else { return false }
    switch output {
    case .field(let target): return scalar.put(target, &encoder)
    case .json:
      let mark = encoder.count
      if scalar.putJSON(&encoder) { return true }
      encoder.truncate(to: mark)
      return false
    }
  }

  /// Why a value was not written; holds at most its beginning.
  private func reason(_ scalar: Scalar?) -> String {
    let place = "column \(leaf.path.shown): "
    guard let scalar else { return place + "a value is no \(leaf.type.name)" }
    switch scalar {
    case .text(let bytes), .json(let bytes):
      if let fault = ParquetTextCheck.firstFault(bytes) { return place + ParquetTextCheck.reason(bytes, fault) }
      if case .json = scalar, !JSONCheck.isValid(bytes) { return place + "the text is no JSON that jsonb takes" }
    default: break
    }
    let text = scalar.plainText()
    let shown = text.unicodeScalars.count > 40 ? "\(String(text.unicodeScalars.prefix(40)))..." : text
    guard case .field(let target) = output else { return place + "\(shown) cannot be written as JSON" }
    return place + "\(shown) does not fit \(target.name)"
  }
}

extension Target {
  /// As PostgreSQL names it.
  var name: String {
    switch self {
    case .double: "double precision"
    case .time: "time"
    case .timestamptz: "timestamp with time zone"
    case .numeric(let digits): digits.map { "numeric(\($0.precision),\($0.scale))" } ?? "numeric"
    case .text(let most): most.map { "character varying(\($0))" } ?? "text"
    default: "\(self)"
    }
  }
}
