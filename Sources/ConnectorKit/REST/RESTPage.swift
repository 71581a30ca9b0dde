import Rows

extension RESTManifest {
  /// What it offers, as a page of documentation in Markdown: each stream with its mode, key, columns, and how its table
  /// stays right.
  public var page: String {
    var lines = ["# \(title)", "", "This page is written from the connector's manifest; a test keeps it up to date.", ""]
    lines += ["| field | needed | what it is |", "| --- | --- | --- |"]
    for field in fields ?? [] {
      let fallback = field.fallback.map { ", `\($0)` if not given" } ?? ""
      lines.append("| `\(field.name)` | \(field.isRequired == true ? "yes" : "no") | \(field.help)\(field.isSecret == true ? " (secret)" : "")\(fallback) |")
    }
    lines += ["", "| table | usual mode | key | cursor field | needed right |", "| --- | --- | --- | --- | --- |"]
    for stream in streams {
      let cursor = stream.parent == nil ? stream.cursor?.field : nil
      lines.append(
        "| [\(name)_\(stream.name)](#\(name)_\(stream.name)) | \(RESTConnector.usualMode(stream, hasEvents: true).rawValue) | \(stream.key.joined(separator: ", ")) | \(cursor ?? "-") | \(stream.permission ?? "-") |")
    }
    lines += ["", "Every table has `_hedgerow_extra`, a `jsonb` object with the fields that have no column, NULL where there are none."]
    for stream in streams { lines += section(stream) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ stream: RESTStream) -> [String] {
    var lines = ["", "## \(name)_\(stream.name)", "", RESTDescription.freshness(stream, self)]
    if let parent = stream.parent { lines.append("It is read once for each row of `\(parent.stream)`.") }
    for list in stream.cutLists ?? [] { lines.append("`\(list.field)` holds the whole list, also where the API cuts it.") }
    if let left = stream.leavesOut, !left.isEmpty { lines.append("Never stored: \(left.map { "`\($0)`" }.joined(separator: ", ")).") }
    lines.append("")
    let groups = Dictionary(grouping: stream.columns, by: \.type.column)
    for type in groups.keys.sorted() {
      lines.append("- `\(type)`: \((groups[type] ?? []).map { "`\($0.name)`" }.joined(separator: ", "))")
    }
    return lines
  }
}
