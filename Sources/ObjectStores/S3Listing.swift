/// One page of a bucket's list.
struct S3Listing: Equatable {
  var entries: [ObjectEntry]
  /// Where the next page begins; nil at the end.
  var next: String?

  /// - Throws: `ObjectStoreError` of kind `.malformed` for what is no such page.
  init(_ xml: [UInt8], bucket: String) throws(ObjectStoreError) {
    let root: XMLElement
    do { root = try XMLElement(xml) } catch { throw Self.malformed(bucket, "it is no XML (\(error.found))") }
    guard root.name == "ListBucketResult" else { throw Self.malformed(bucket, "it is a \(root.name)") }
    let isEncoded = root.text("EncodingType") == "url"
    entries = []
    for contents in root.children where contents.name == "Contents" {
      guard let raw = contents.text("Key"), let size = contents.text("Size").flatMap({ Int64($0) }), size >= 0,
        let key = isEncoded ? PercentEncoding.decode(raw, plusIsBlank: true) : raw
      else { throw Self.malformed(bucket, "an object has no key or no size") }
      if key.hasSuffix("/"), size == 0 { continue }
      entries.append(
        ObjectEntry(
          key: key, size: size, etag: contents.text("ETag"),
          modified: contents.text("LastModified").flatMap(Moment.microseconds(iso:))))
    }
    guard root.text("IsTruncated") == "true" else { return }
    guard let token = root.text("NextContinuationToken"), !token.isEmpty else {
      throw Self.malformed(bucket, "it goes on and does not say where")
    }
    next = token
  }

  private static func malformed(_ bucket: String, _ why: String) -> ObjectStoreError {
    ObjectStoreError(
      .malformed, "The list of the bucket \(bucket) cannot be read: \(why).",
      hint: "Check that the endpoint is one that speaks S3.")
  }
}
