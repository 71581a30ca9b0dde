import JSON

/// Fetches the rest of lists that come with a record and are cut after their first elements.
struct CutLists {
  let context: StreamContext

  /// - Returns: by the record's place, the fields that are whole now.
  func complete(_ records: [Int], of tape: JSONTape) async throws -> [Int: [String: [UInt8]]] {
    guard let lists = context.stream.cutLists, !lists.isEmpty else { return [:] }
    var cut: [(record: Int, list: RESTCutList, field: Int)] = []
    for (index, record) in records.enumerated() {
      for list in lists {
        guard let field = tape.member(record, list.field), let more = tape.value(field, at: list.more.keys), tape.string(more) == "true" else { continue }
        cut.append((index, list, field))
      }
    }
    guard !cut.isEmpty else { return [:] }
    return try await withThrowingTaskGroup(of: (Int, String, [UInt8]).self) { group in
      for (index, list, field) in cut {
        let record = records[index]
        group.addTask { (index, list.field, try await whole(list, field, of: record, tape)) }
      }
      var result: [Int: [String: [UInt8]]] = [:]
      for try await (index, field, json) in group { result[index, default: [:]][field] = json }
      return result
    }
  }

  /// The field with all its elements, and the sign that there are no more.
  private func whole(_ list: RESTCutList, _ field: Int, of record: Int, _ tape: JSONTape) async throws -> [UInt8] {
    var elements: [UInt8] = []
    var place: PagePlace?
    let walk = PageWalk(
      path: list.path, parameters: list.parameters, records: list.elements, pagination: list.pagination, label: context.label,
      permission: context.stream.permission)
    repeat {
      let page = try await walk.page(context.client, at: place, names: Self.names("record", record, tape))
      for element in page.records {
        if !elements.isEmpty { elements.append(UInt8(ascii: ",")) }
        elements += page.tape.storableJSON(element)
      }
      place = page.next
    } while place != nil
    return Self.rewritten(field, tape, list, elements)
  }

  private static func rewritten(_ field: Int, _ tape: JSONTape, _ list: RESTCutList, _ elements: [UInt8]) -> [UInt8] {
    var json: [UInt8] = [UInt8(ascii: "{")]
    var at = field + 1
    while at < tape.after(field) {
      if json.count > 1 { json.append(UInt8(ascii: ",")) }
      json += tape.storableJSON(at)
      json.append(UInt8(ascii: ":"))
      let name = tape.string(at)
      if [name] == list.elements.keys { json += [UInt8(ascii: "[")] + elements + [UInt8(ascii: "]")] } else if [name] == list.more.keys {
        json += Array("false".utf8)
      } else {
        json += tape.storableJSON(at + 1)
      }
      at = tape.after(at + 1)
    }
    return json + [UInt8(ascii: "}")]
  }

  /// Reads `PREFIX.PATH` from a record.
  static func names(_ prefix: String, _ record: Int, _ tape: JSONTape) -> @Sendable (String) -> String? {
    { name in
      guard name.hasPrefix(prefix + ".") else { return nil }
      let path = name.dropFirst(prefix.count + 1).split(separator: ".").map(String.init)
      return tape.value(record, at: path).flatMap { tape.isNull($0) ? nil : tape.string($0) }
    }
  }
}
