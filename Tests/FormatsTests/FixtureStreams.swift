import Formats
import Glibc

/// A file of `Data/`, whole.
func fixture(_ path: String) throws -> [UInt8] {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  guard let handle = fopen("\(folder)/Data/\(path)", "rb") else { throw MissingFixture(path: path) }
  defer { fclose(handle) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&piece, 1, piece.count, handle)
    if count == 0 { return bytes }
    bytes += piece[..<count]
  }
}

struct MissingFixture: Error {
  var path: String
}

/// Bytes handed out in pieces of a given size, or of the sizes in turn.
actor Pieces: ByteStream {
  private let bytes: [UInt8]
  private let sizes: [Int]
  private var at = 0
  private var turn = 0

  init(_ bytes: [UInt8], sizes: [Int] = [1 << 16]) {
    self.bytes = bytes
    self.sizes = sizes
  }

  init(_ text: String, sizes: [Int] = [1 << 16]) { self.init(Array(text.utf8), sizes: sizes) }

  func next() -> [UInt8]? {
    guard at < bytes.count else { return nil }
    let end = min(bytes.count, at + sizes[turn % sizes.count])
    defer { (at, turn) = (end, turn + 1) }
    return Array(bytes[at..<end])
  }
}

/// The same bytes again and again, as often as wanted.
actor Repeated: ByteStream {
  private let bytes: [UInt8]
  private var left: Int

  init(_ bytes: [UInt8], times: Int) {
    self.bytes = bytes
    left = times
  }

  func next() -> [UInt8]? {
    guard left > 0 else { return nil }
    left -= 1
    return bytes
  }
}

extension ByteStream {
  func collect() async throws -> [UInt8] {
    var result: [UInt8] = []
    while let bytes = try await next() { result += bytes }
    return result
  }
}

/// Random numbers that are the same in every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
