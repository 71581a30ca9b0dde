import HTTP

/// What an answer to a GET must fulfil so that its bytes are the asked-for ones of the listed version.
enum ObjectBody {
  /// The headers that ask for one version, from a byte on or a range.
  static func headers(_ entry: ObjectEntry, _ range: Range<Int64>?, from offset: Int64 = 0) -> [(
    name: String, value: String
  )] {
    var headers: [(name: String, value: String)] = []
    // A weak tag matches nothing; the answer's own tag is compared then. Azure lists its tags without quotes.
    if let etag = entry.etag, !etag.hasPrefix("W/") {
      headers.append(("If-Match", etag.hasPrefix("\"") ? etag : "\"\(etag)\""))
    }
    if let range {
      headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
    } else if offset > 0 {
      headers.append(("Range", "bytes=\(offset)-"))
    }
    return headers
  }

  /// - Throws: `.changed` for another version, `.malformed` for other bytes than were asked for.
  static func check(_ response: HTTPResponse, _ entry: ObjectEntry, from offset: Int64, isRange: Bool) throws(ObjectStoreError) {
    if let given = response.header("ETag"), let listed = entry.etag, bare(given) != bare(listed) {
      throw .changed(entry.key)
    }
    guard isRange else {
      let length = response.header("Content-Length").flatMap { Int64($0) }
      if let length, length != entry.size { throw .changed(entry.key) }
      return
    }
    guard response.status == 206, let text = response.header("Content-Range"), text.hasPrefix("bytes \(offset)-") else {
      throw ObjectStoreError(
        .malformed, "The store sent other bytes of \(entry.key) than were asked for.",
        hint: "It must support the header Range.")
    }
    if let total = text.split(separator: "/").last.flatMap({ Int64($0) }), total != entry.size { throw .changed(entry.key) }
  }

  /// Exactly the bytes of a range, asked for again when they break off.
  static func read(
    _ entry: ObjectEntry, _ range: Range<Int64>, clock: any RetryClock,
    open: (Range<Int64>) async throws -> any HTTPBody
  ) async throws -> [UInt8] {
    guard !range.isEmpty else { return [] }
    guard range.lowerBound >= 0, range.upperBound <= entry.size else {
      throw ObjectStoreError(.malformed, "\(entry.key) ends before the bytes that it says it has.", hint: "The file is damaged.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var failures = 0
    while bytes.count < range.count {
      do {
        let body = try await open((range.lowerBound + Int64(bytes.count))..<range.upperBound)
        while let next = try await body.next() {
          bytes += next
          failures = 0
        }
        guard bytes.count == range.count else { throw ObjectStoreError.changed(entry.key) }
      } catch {
        guard let failure = error as? HTTPError else { throw error }
        failures += 1
        guard failure.isTransient, failures < 6 else { throw ObjectStoreError(failure, reading: entry.key) }
        try await clock.sleep(for: .milliseconds(Int(200 * Double(1 << failures) * (0.5 + clock.random() / 2))))
      }
    }
    return bytes
  }

  /// Without quotes and the mark of a weak tag.
  private static func bare(_ etag: String) -> Substring {
    var text = Substring(etag)
    if text.hasPrefix("W/") { text = text.dropFirst(2) }
    if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
    return text
  }
}
