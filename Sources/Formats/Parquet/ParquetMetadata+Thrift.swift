extension ParquetMetadata {
  /// Columns and groups beyond this are taken for an attack.
  static let mostElements = 100_000

  init(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = Self()
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (2, .list):
        try thrift.list { (thrift, kind) throws(FormatError) in
          guard result.elements.count < Self.mostElements else {
            throw FormatError(.tooLarge, "its schema has more than \(Self.mostElements) fields")
          }
          result.elements.append(try SchemaElement(&thrift, kind))
        }
      case (3, .int64): result.rowCount = try thrift.int()
      case (4, .list):
        try thrift.list { (thrift, kind) throws(FormatError) in result.groups.append(try RowGroup(&thrift, kind)) }
      case (6, .binary): result.writer = try thrift.string()
      case (8, .structure):
        result.isEncrypted = true
        return false
      default: return false
      }
      return true
    }
    self = result
  }
}

extension ParquetMetadata.RowGroup {
  fileprivate init(_ thrift: inout ThriftReader, _ kind: ThriftReader.Kind) throws(FormatError) {
    try requireStructure(kind)
    var result = Self()
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .list):
        try thrift.list { (thrift, kind) throws(FormatError) in result.chunks.append(try ColumnChunk(&thrift, kind)) }
      case (3, .int64): result.rowCount = try thrift.int()
      default: return false
      }
      return true
    }
    self = result
  }
}

extension ColumnChunk {
  fileprivate init(_ thrift: inout ThriftReader, _ kind: ThriftReader.Kind) throws(FormatError) {
    try requireStructure(kind)
    var result = Self()
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .binary): result.filePath = try thrift.string()
      case (3, .structure):
        result.hasMetadata = true
        try result.readMetadata(&thrift)
      case (8, .structure):
        result.isEncrypted = true
        return false
      case (9, .binary):
        result.isEncrypted = true
        return false
      default: return false
      }
      return true
    }
    self = result
  }

  private mutating func readMetadata(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = self
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.physicalType = try thrift.int32()
      case (3, .list):
        try thrift.list { (thrift, kind) throws(FormatError) in
          guard kind == .binary else { throw FormatError(.corrupt, "a column's path is no list of names") }
          result.path.append(try thrift.string())
        }
      case (4, .int32): result.codec = try thrift.int32()
      case (5, .int64): result.valueCount = try thrift.int()
      case (6, .int64): result.uncompressedSize = try thrift.int()
      case (7, .int64): result.compressedSize = try thrift.int()
      case (9, .int64): result.dataOffset = try thrift.int()
      case (11, .int64): result.dictionaryOffset = try thrift.int()
      default: return false
      }
      return true
    }
    self = result
  }
}

extension SchemaElement {
  fileprivate init(_ thrift: inout ThriftReader, _ kind: ThriftReader.Kind) throws(FormatError) {
    try requireStructure(kind)
    var result = Self()
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.physicalType = try thrift.int32()
      case (2, .int32): result.typeLength = try thrift.int32()
      case (3, .int32):
        let value = try thrift.int32()
        guard let repetition = Repetition(rawValue: value) else {
          throw FormatError(.corrupt, "a field has the unknown repetition \(value)")
        }
        result.repetition = repetition
      case (4, .binary): result.name = try thrift.string()
      case (5, .int32): result.childCount = try thrift.int32()
      case (6, .int32): result.convertedType = try thrift.int32()
      case (7, .int32): result.scale = try thrift.int32()
      case (8, .int32): result.precision = try thrift.int32()
      case (9, .int32): result.fieldID = try thrift.int32()
      case (10, .structure): result.annotation = try Annotation(&thrift)
      default: return false
      }
      return true
    }
    self = result
  }
}

extension Annotation {
  fileprivate init?(_ thrift: inout ThriftReader) throws(FormatError) {
    var result: Annotation?
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      guard kind == .structure else { return false }
      switch id {
      case 5: result = try Self.decimal(&thrift)
      case 7:
        let (unit, isUTC) = try Self.unit(&thrift)
        result = .time(unit, isUTC: isUTC)
      case 8:
        let (unit, isUTC) = try Self.unit(&thrift)
        result = .timestamp(unit, isUTC: isUTC)
      case 10: result = try Self.integer(&thrift)
      default:
        result = Self.plain[id] ?? .unknown(id)
        return false
      }
      return true
    }
    guard let result else { return nil }
    self = result
  }

  private static let plain: [Int: Annotation] = [
    1: .string, 2: .map, 3: .list, 4: .enumeration, 6: .date, 11: .null, 12: .json, 13: .bson, 14: .uuid, 15: .float16,
    16: .variant, 17: .geometry, 18: .geography, 19: .vector,
  ]

  private static func decimal(_ thrift: inout ThriftReader) throws(FormatError) -> Annotation {
    var (precision, scale): (Int32, Int32) = (0, 0)
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): scale = try thrift.int32()
      case (2, .int32): precision = try thrift.int32()
      default: return false
      }
      return true
    }
    return .decimal(precision: precision, scale: scale)
  }

  private static func integer(_ thrift: inout ThriftReader) throws(FormatError) -> Annotation {
    var bits: Int32 = 0
    var isSigned = true
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .byte): bits = Int32(try thrift.byte())
      case (2, .yes): isSigned = true
      case (2, .no): isSigned = false
      default: return false
      }
      return true
    }
    return .integer(bits: bits, isSigned: isSigned)
  }

  private static func unit(_ thrift: inout ThriftReader) throws(FormatError) -> (TimeUnit?, Bool) {
    var unit: TimeUnit?
    var isUTC = false
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .yes): isUTC = true
      case (1, .no): isUTC = false
      case (2, .structure):
        try thrift.structure { (_, id, _) throws(FormatError) in
          unit = TimeUnit(rawValue: id)
          return false
        }
      default: return false
      }
      return true
    }
    return (unit, isUTC)
  }
}

private func requireStructure(_ kind: ThriftReader.Kind) throws(FormatError) {
  guard kind == .structure else { throw FormatError(.corrupt, "a list that must hold structures holds something else") }
}
