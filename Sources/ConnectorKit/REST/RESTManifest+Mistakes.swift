extension RESTManifest {
  /// What cannot work in it, a sentence each; empty for a manifest that can be used.
  ///
  /// - Parameter fields: the names that `config.` offers.
  public func mistakes(fields: [String]) -> [String] {
    var found: [String] = []
    if streams.isEmpty { found.append("it has no streams") }
    let names = streams.map(\.name)
    for name in Set(names.filter { name in names.filter { $0 == name }.count > 1 }).sorted() { found.append("two streams are named \(name)") }
    found += mistakes(in: templates, at: "its top", names: [], fields)
    for stream in streams { found += mistakes(in: stream, fields) }
    return found
  }

  private var templates: [Template] {
    var all = [baseURL] + (headers ?? []).map(\.value)
    switch authorization ?? .none {
    case .none: break
    case .bearer(let token): all.append(token)
    case .basic(let user, let password): all += [user, password]
    case .header(_, let value), .query(_, let value): all.append(value)
    }
    if let rate = rate?.requestsPerSecond { all.append(rate) }
    return all
  }

  private func mistakes(in stream: RESTStream, _ fields: [String]) -> [String] {
    var found: [String] = []
    let columns = stream.columns.map(\.name)
    if stream.name.isEmpty { found.append("a stream has no name") }
    if columns.isEmpty { found.append("stream \(stream.name) has no columns") }
    for name in Set(columns.filter { name in columns.filter { $0 == name }.count > 1 }).sorted() {
      found.append("two columns of stream \(stream.name) are named \(name)")
    }
    for name in columns where name.isEmpty || name.hasPrefix("_hedgerow_") { found.append("a column of stream \(stream.name) cannot be named \"\(name)\"") }
    for name in stream.key where !columns.contains(name) { found.append("stream \(stream.name) has no column \(name), which is its key") }
    found += mistakes(ofCursorOf: stream)
    if let parent = stream.parent {
      if self.stream(parent.stream)?.parent != nil { found.append("the parent of stream \(stream.name) has a parent itself") }
      if self.stream(parent.stream) == nil { found.append("the parent of stream \(stream.name), \(parent.stream), is no stream") }
      if let column = parent.column, stream.columns.first(where: { $0.name == column })?.type != .text {
        found.append("the column \(column) of stream \(stream.name), for the parent's id, is not declared as text")
      }
    }
    let prefixes = stream.parent == nil ? [] : ["parent."]
    found += mistakes(in: [stream.path] + (stream.parameters ?? []).map(\.value), at: "stream \(stream.name)", names: prefixes, fields)
    return found
  }

  private func mistakes(ofCursorOf stream: RESTStream) -> [String] {
    guard let cursor = stream.cursor else { return [] }
    guard let column = stream.columns.first(where: { $0.name == cursor.field }) else {
      return ["stream \(stream.name) has no column \(cursor.field), which is its cursor"]
    }
    return [.unixTime, .unixMilliseconds, .time].contains(column.type) ? [] : ["the cursor \(cursor.field) of stream \(stream.name) is no time"]
  }

  private func mistakes(in templates: [Template], at place: String, names: [String], _ fields: [String]) -> [String] {
    templates.flatMap(\.names).compactMap { name in
      if name.hasPrefix("config.") {
        let field = name.dropFirst("config.".count)
        return fields.contains(String(field)) ? nil : "\(place) reads {{\(name)}}, and there is no field \(field)"
      }
      return names.contains { name.hasPrefix($0) } ? nil : "\(place) reads {{\(name)}}, which is not there"
    }
  }
}
