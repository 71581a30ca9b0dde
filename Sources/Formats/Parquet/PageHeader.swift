/// What stands in front of each page of a column.
struct PageHeader {
  enum Kind: Int32 {
    case data, index, dictionary, dataV2
  }

  /// Nil for one that is newer than this reader; such a page is skipped.
  var kind: Kind?
  var uncompressedSize: Int32 = -1
  var compressedSize: Int32 = -1
  var checksum: UInt32?
  var valueCount: Int32 = -1
  var encoding: Int32 = -1
  var definitionEncoding: Int32 = Encoding.rle.rawValue
  var repetitionEncoding: Int32 = Encoding.rle.rawValue
  // Version 2 only.
  var nullCount: Int32 = 0
  var rowCount: Int32 = 0
  var definitionLength: Int32 = 0
  var repetitionLength: Int32 = 0
  var isCompressed = true
  private var hasDetails = false

  init(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = Self()
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.kind = Kind(rawValue: try thrift.int32())
      case (2, .int32): result.uncompressedSize = try thrift.int32()
      case (3, .int32): result.compressedSize = try thrift.int32()
      case (4, .int32): result.checksum = UInt32(bitPattern: try thrift.int32())
      case (5, .structure): try result.readData(&thrift)
      case (7, .structure): try result.readDictionary(&thrift)
      case (8, .structure): try result.readDataV2(&thrift)
      default: return false
      }
      return true
    }
    guard result.compressedSize >= 0, result.uncompressedSize >= 0 else {
      throw FormatError(.corrupt, "it has a header without a size")
    }
    if let kind = result.kind, kind != .index, !result.hasDetails || result.valueCount < 0 {
      throw FormatError(.corrupt, "it has a header that does not say how many values it holds")
    }
    self = result
  }

  private init() {}

  private mutating func readData(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = self
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.valueCount = try thrift.int32()
      case (2, .int32): result.encoding = try thrift.int32()
      case (3, .int32): result.definitionEncoding = try thrift.int32()
      case (4, .int32): result.repetitionEncoding = try thrift.int32()
      default: return false
      }
      return true
    }
    result.hasDetails = true
    self = result
  }

  private mutating func readDictionary(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = self
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.valueCount = try thrift.int32()
      case (2, .int32): result.encoding = try thrift.int32()
      default: return false
      }
      return true
    }
    result.hasDetails = true
    self = result
  }

  private mutating func readDataV2(_ thrift: inout ThriftReader) throws(FormatError) {
    var result = self
    try thrift.structure { (thrift, id, kind) throws(FormatError) in
      switch (id, kind) {
      case (1, .int32): result.valueCount = try thrift.int32()
      case (2, .int32): result.nullCount = try thrift.int32()
      case (3, .int32): result.rowCount = try thrift.int32()
      case (4, .int32): result.encoding = try thrift.int32()
      case (5, .int32): result.definitionLength = try thrift.int32()
      case (6, .int32): result.repetitionLength = try thrift.int32()
      case (7, .yes): result.isCompressed = true
      case (7, .no): result.isCompressed = false
      default: return false
      }
      return true
    }
    result.hasDetails = true
    self = result
  }
}

/// How values or levels are written: `Encoding`.
enum Encoding: Int32 {
  case plain = 0
  case plainDictionary = 2
  case rle, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, rleDictionary, byteStreamSplit
  /// In preview, and only for floating point numbers.
  case alp
}
