import HTTP

/// One page of a container's list.
struct AzureListing: Equatable {
  var entries: [ObjectEntry]
  /// Where the next page begins; nil at the end. A page may be empty and not be the last.
  var next: String?

  /// - Throws: `ObjectStoreError` of kind `.malformed` for what is no such page.
  init(_ xml: [UInt8], container: String) throws(ObjectStoreError) {
    let root: XMLElement
    do { root = try XMLElement(xml) } catch { throw Self.malformed(container, "it is no XML (\(error.found))") }
    guard root.name == "EnumerationResults" else { throw Self.malformed(container, "it is a \(root.name)") }
    entries = []
    for blob in root.first("Blobs")?.children ?? [] where blob.name == "Blob" {
      guard let name = blob.first("Name"), let properties = blob.first("Properties"),
        let size = properties.text("Content-Length").flatMap({ Int64($0) }), size >= 0,
        let key = name.attributes["Encoded"] == "true" ? PercentEncoding.decode(name.text) : name.text
      else { throw Self.malformed(container, "a blob has no name or no size") }
      // Data-lake accounts list their folders as blobs too.
      if properties.text("ResourceType") == "directory" || key.hasSuffix("/") && size == 0 { continue }
      if blob.first("Metadata")?.text("hdi_isfolder") == "true" { continue }
      let modified = properties.text("Last-Modified").flatMap(HTTPDate.seconds)
      entries.append(
        ObjectEntry(
          key: key, size: size, etag: properties.text("Etag"), modified: modified.map { Int64($0) * 1_000_000 }))
    }
    if let marker = root.text("NextMarker"), !marker.isEmpty { next = marker }
  }

  private static func malformed(_ container: String, _ why: String) -> ObjectStoreError {
    ObjectStoreError(
      .malformed, "The list of the container \(container) cannot be read: \(why).",
      hint: "Check that the address is one of Azure's blob storage.")
  }
}
