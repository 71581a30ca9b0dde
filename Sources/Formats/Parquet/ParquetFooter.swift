/// The end of a file: the footer, its length in 32 bits and the format's name in four letters.
struct ParquetFooter {
  var metadata: ParquetMetadata

  /// How much of the file's end is fetched before the footer's length is known.
  static let guess: Int64 = 64 << 10
  private static let name = Array("PAR1".utf8)
  private static let encryptedName = Array("PARE".utf8)

  static func read(_ ranges: any ByteRanges) async throws -> (TailedRanges, ParquetFooter) {
    let size = ranges.size
    guard size >= 12 else {
      throw FormatError(
        size == 0 ? .truncated : .corrupt,
        size == 0 ? "the file is empty" : "the file has \(size) bytes, too few for Parquet", offset: size)
    }
    var tailStart = max(0, size - guess)
    var tail = try await exactly(ranges, tailStart..<size)
    if tail.suffix(4) != name[...] {
      let head = tailStart == 0 ? Array(tail.prefix(4)) : try await exactly(ranges, 0..<4)
      throw wrongEnd(tail, head, size)
    }
    let length = tail.suffix(8).prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
    guard length > 0, length <= size - 12 else {
      throw FormatError(.corrupt, "the footer's length cannot be \(length) in a file of \(size) bytes", offset: size - 8)
    }
    guard length <= Int64(ParquetLimits.footer) else {
      throw FormatError(
        .tooLarge, "the footer has \(length) bytes, more than the \(ParquetLimits.footer) that are read", offset: size - 8)
    }
    let start = size - 8 - length
    if start < tailStart {
      tail = try await exactly(ranges, start..<tailStart) + tail
      tailStart = start
    }
    let footer = try parse(tail[Int(start - tailStart)..<tail.count - 8], at: start)
    // A large footer is not kept: nothing in it is read again.
    let kept = tail.count <= 2 * Int(guess) ? tail : []
    return (TailedRanges(base: ranges, tailStart: kept.isEmpty ? size : tailStart, tail: kept, dataEnd: start), footer)
  }

  private static func parse(_ bytes: ArraySlice<UInt8>, at start: Int64) throws(FormatError) -> ParquetFooter {
    let metadata = try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) in
      var thrift = ThriftReader(UnsafeRawBufferPointer(bytes))
      do throws(FormatError) { return try ParquetMetadata(&thrift) } catch {
        throw FormatError(error.kind, "the footer cannot be read: \(error.message)", offset: start + Int64(thrift.at))
      }
    }
    return ParquetFooter(metadata: metadata)
  }

  private static func exactly(_ ranges: any ByteRanges, _ range: Range<Int64>) async throws -> [UInt8] {
    let bytes = try await ranges.read(range)
    guard bytes.count == range.count else {
      throw FormatError(
        .truncated, "\(range.count) bytes were asked for and \(bytes.count) came", offset: range.lowerBound)
    }
    return bytes
  }

  private static func wrongEnd(_ tail: [UInt8], _ head: [UInt8], _ size: Int64) -> FormatError {
    if tail.suffix(4) == encryptedName[...] {
      return FormatError(
        .unsupported, "the file is encrypted, which is not read", hint: "Write it without Parquet's modular encryption.",
        offset: size - 4)
    }
    if head == name {
      return FormatError(
        .truncated, "the file begins as Parquet does, and does not end so: a part of it is missing",
        hint: "Upload the file again, or wait until its writer is done.", offset: size - 4)
    }
    return FormatError(.corrupt, "the file is not Parquet: it neither begins nor ends with PAR1", offset: 0)
  }
}
