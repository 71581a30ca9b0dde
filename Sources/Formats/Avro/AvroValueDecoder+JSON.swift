import Rows

/// Values as JSON text, written straight into the row.
extension AvroValueDecoder {
  mutating func json(
    _ place: AvroSchema.Place, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder, depth: Int
  ) throws(FormatError) {
    switch nodes[place] {
    case .union(let branches):
      let branch = try cursor.index(below: branches.count, of: "branch")
      try json(branches[branch], &cursor, &encoder, depth: depth)
    case .record(let fields): try object(place, fields, &cursor, &encoder, depth)
    case .array(let items):
      try self.items(items, isMap: false, &cursor, &encoder, depth)
    case .map(let values):
      try self.items(values, isMap: true, &cursor, &encoder, depth)
    default:
      scratch.removeAll(keepingCapacity: true)
      let isQuoted = try appendText(place, &cursor)
      if isQuoted { encoder.append(Self.quoted(scratch)) } else { encoder.append(scratch) }
    }
  }

  private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + 2)
    bytes.withUnsafeBytes { AvroJSONText.append($0, to: &text) }
    return text
  }

  private mutating func object(
    _ place: AvroSchema.Place, _ fields: [AvroSchema.Field], _ cursor: inout AvroCursor, _ encoder: inout RowEncoder,
    _ depth: Int
  ) throws(FormatError) {
    try Self.check(depth)
    encoder.put(UInt8(ascii: "{"))
    var isFirst = true
    for (field, key) in zip(fields, keys[place]) {
      if depth == 1, omitted.contains(field.name) {
        try skip(field.type, &cursor, depth: depth + 1)
        continue
      }
      if !isFirst { encoder.put(UInt8(ascii: ",")) }
      isFirst = false
      encoder.append(key)
      try json(field.type, &cursor, &encoder, depth: depth + 1)
    }
    encoder.put(UInt8(ascii: "}"))
  }

  private mutating func items(
    _ place: AvroSchema.Place, isMap: Bool, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder, _ depth: Int
  ) throws(FormatError) {
    try Self.check(depth)
    let start = encoder.count
    var isFirst = true
    encoder.put(UInt8(ascii: isMap ? "{" : "["))
    while true {
      let (count, _) = try cursor.blockCount()
      if count == 0 { break }
      for _ in 0..<count {
        let before = cursor.offset
        if !isFirst { encoder.put(UInt8(ascii: ",")) }
        isFirst = false
        if isMap { try key(&cursor, &encoder) }
        try json(place, &cursor, &encoder, depth: depth + 1)
        try countEmpty(before, cursor)
        guard encoder.count - start < AvroLimits.value else {
          throw FormatError(
            .tooLarge, "a value is longer than \(AvroLimits.value) bytes as JSON, which PostgreSQL does not take")
        }
      }
    }
    encoder.put(UInt8(ascii: isMap ? "}" : "]"))
  }

  private mutating func key(_ cursor: inout AvroCursor, _ encoder: inout RowEncoder) throws(FormatError) {
    let bytes = try cursor.bytes()
    if let wrong = AvroJSONText.problem(of: bytes) { note(wrong) }
    var text: [UInt8] = []
    AvroJSONText.append(bytes, to: &text)
    text.append(UInt8(ascii: ":"))
    encoder.append(text)
  }

  /// Appends a value that holds no other as text.
  ///
  /// - Returns: whether it is a string in JSON.
  mutating func appendText(_ place: AvroSchema.Place, _ cursor: inout AvroCursor) throws(FormatError) -> Bool {
    switch nodes[place] {
    case .null: scratch += "null".utf8
    case .boolean: scratch += (try cursor.boolean() ? "true" : "false").utf8
    case .int: scratch += String(try cursor.int()).utf8
    case .long: scratch += String(try cursor.long()).utf8
    case .float:
      let value = try cursor.float()
      return append("\(value)", isFinite: value.isFinite, isNaN: value.isNaN, isNegative: value < 0)
    case .double:
      let value = try cursor.double()
      return append("\(value)", isFinite: value.isFinite, isNaN: value.isNaN, isNegative: value < 0)
    case .decimal(_, let scale, let size): try appendDecimal(size, scale, &cursor)
    case .string, .uuid(isFixed: false):
      let bytes = try cursor.bytes()
      if let wrong = AvroJSONText.problem(of: bytes) { note(wrong) }
      scratch += bytes
      return true
    default:
      try appendMarked(place, &cursor)
      return true
    }
    return false
  }

  /// JSON has no word for what is not finite; PostgreSQL's is a string.
  private mutating func append(_ text: String, isFinite: Bool, isNaN: Bool, isNegative: Bool) -> Bool {
    scratch += (isFinite ? text : isNaN ? "NaN" : isNegative ? "-Infinity" : "Infinity").utf8
    return !isFinite
  }

  private mutating func appendDecimal(_ size: Int?, _ scale: Int, _ cursor: inout AvroCursor) throws(FormatError) {
    let bytes = if let size { try cursor.take(size) } else { try cursor.bytes() }
    if bytes.count > AvroDecimal.longest {
      note("a decimal has \(bytes.count) bytes, more than any column takes")
    } else {
      AvroDecimal.append(bytes, scale: scale, to: &scratch)
    }
  }

  /// Values that JSON has no form for, as strings.
  private mutating func appendMarked(_ place: AvroSchema.Place, _ cursor: inout AvroCursor) throws(FormatError) {
    switch nodes[place] {
    case .bytes: AvroJSONText.appendHex(try cursor.bytes(), to: &scratch)
    case .fixed(let size): AvroJSONText.appendHex(try cursor.take(size), to: &scratch)
    case .enumeration(let symbols): scratch += symbols[try cursor.index(below: symbols.count, of: "symbol")].utf8
    case .date: AvroTimeText.append(daysSince1970: Int64(try cursor.int()), to: &scratch)
    case .time(let unit):
      let value = try timeOfDay(unit, &cursor)
      if isTimeOfDay(value, unit) {
        AvroTimeText.append(timeOfDay: value, unit, to: &scratch)
      } else {
        note("\(value) is no time of day")
      }
    case .timestamp(let unit, let isUTC):
      AvroTimeText.append(timestamp: try cursor.long(), unit, isUTC: isUTC, to: &scratch)
    case .uuid: appendUUID(try cursor.take(16))
    case .duration:
      let (months, days, milliseconds) = Self.parts(try cursor.take(12))
      scratch += "P\(months)M\(days)DT\(milliseconds / 1_000).".utf8
      AvroTimeText.append(UInt64(milliseconds % 1_000), digits: 3, to: &scratch)
      scratch.append(UInt8(ascii: "S"))
    default: preconditionFailure("a value that holds others has no text")
    }
  }

  private mutating func appendUUID(_ bytes: UnsafeRawBufferPointer) {
    for (index, byte) in bytes.enumerated() {
      if index == 4 || index == 6 || index == 8 || index == 10 { scratch.append(UInt8(ascii: "-")) }
      scratch.append(AvroJSONText.hexDigit(byte >> 4))
      scratch.append(AvroJSONText.hexDigit(byte & 15))
    }
  }
}
