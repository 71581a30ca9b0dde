/// How a text file writes characters as bytes.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, or UTF-16 where a byte order mark says so.
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case latin1 = "latin-1"
  case windows1252 = "windows-1252"

  /// Windows' characters for 0x80 to 0x9F; the five that it leaves open are control characters, as browsers have it.
  static let windows: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
}

/// A text file in another encoding, as UTF-8.
public actor TranscodedStream: ByteStream {
  private let source: any ByteStream
  private var transcoder: Transcoder

  public static func open(_ source: any ByteStream, _ encoding: TextEncoding) -> any ByteStream {
    TranscodedStream(source, encoding)
  }

  private init(_ source: any ByteStream, _ encoding: TextEncoding) {
    self.source = source
    transcoder = Transcoder(encoding)
  }

  /// - Throws: `FormatError` for half a character of UTF-16; what the source throws.
  public func next() async throws -> [UInt8]? {
    while let bytes = try await source.next() {
      let text = try transcoder.transcode(bytes)
      if !text.isEmpty { return text }
    }
    let rest = try transcoder.finish()
    return rest.isEmpty ? nil : rest
  }
}

/// Bytes of one encoding to UTF-8, piece by piece.
struct Transcoder {
  private var encoding: TextEncoding
  private var isBegun = false
  /// Bytes that are not yet a character.
  private var rest: [UInt8] = []
  private var highSurrogate: UInt16?
  private var offset: Int64 = 0

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  mutating func transcode(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    if encoding == .utf8, isBegun { return bytes }
    let all = rest.isEmpty ? bytes : rest + bytes
    rest = []
    if !isBegun {
      guard all.count >= 2 else {
        rest = all
        return []
      }
      begin(all)
    }
    return try convert(all)
  }

  private mutating func begin(_ bytes: [UInt8]) {
    isBegun = true
    guard encoding == .utf8 else { return }
    if bytes.starts(with: [0xFF, 0xFE]) { encoding = .utf16LittleEndian }
    if bytes.starts(with: [0xFE, 0xFF]) { encoding = .utf16BigEndian }
  }

  mutating func finish() throws(FormatError) -> [UInt8] {
    let left = rest
    rest = []
    guard encoding == .utf16LittleEndian || encoding == .utf16BigEndian else { return try convert(left) }
    guard left.isEmpty, highSurrogate == nil else {
      throw FormatError(.truncated, "the file ends within a character of \(encoding.rawValue)", offset: offset)
    }
    return []
  }

  private mutating func convert(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    switch encoding {
    case .utf8: return bytes
    case .latin1: return single(bytes) { UInt16($0) }
    case .windows1252: return single(bytes) { (0x80...0x9F).contains($0) ? TextEncoding.windows[Int($0) - 0x80] : UInt16($0) }
    case .utf16LittleEndian: return try utf16(bytes, low: 0)
    case .utf16BigEndian: return try utf16(bytes, low: 1)
    }
  }

  private func single(_ bytes: [UInt8], _ scalar: (UInt8) -> UInt16) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 4)
    for byte in bytes {
      if byte < 0x80 { result.append(byte) } else { Self.append(UInt32(scalar(byte)), to: &result) }
    }
    return result
  }

  private mutating func utf16(_ bytes: [UInt8], low: Int) throws(FormatError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    while at + 1 < bytes.count {
      let unit = UInt16(bytes[at + low]) | UInt16(bytes[at + 1 - low]) << 8
      try append(unit, to: &result)
      at += 2
      offset += 2
    }
    rest = Array(bytes[at...])
    return result
  }

  private mutating func append(_ unit: UInt16, to result: inout [UInt8]) throws(FormatError) {
    let isLow = unit & 0xFC00 == 0xDC00
    if let high = highSurrogate, isLow {
      highSurrogate = nil
      return Self.append(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF)), to: &result)
    }
    guard highSurrogate == nil, !isLow else {
      throw FormatError(.corrupt, "half a character of \(encoding.rawValue) stands alone", offset: offset)
    }
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = unit
    } else {
      Self.append(UInt32(unit), to: &result)
    }
  }

  static func append(_ scalar: UInt32, to result: inout [UInt8]) {
    switch scalar {
    case ..<0x80: result.append(UInt8(scalar))
    case ..<0x800: result += [0xC0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3F)]
    case ..<0x10000:
      result += [0xE0 | UInt8(scalar >> 12), 0x80 | UInt8(scalar >> 6 & 0x3F), 0x80 | UInt8(scalar & 0x3F)]
    default:
      result += [
        0xF0 | UInt8(scalar >> 18), 0x80 | UInt8(scalar >> 12 & 0x3F), 0x80 | UInt8(scalar >> 6 & 0x3F),
        0x80 | UInt8(scalar & 0x3F),
      ]
    }
  }
}
