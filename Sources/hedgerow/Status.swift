import ArgumentParser
import JSON
import SQLText
import Terminal

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how every schema fares.",
    discussion: """
      Example:
        hedgerow status --watch

      The same as: SELECT * FROM hedgerow.status;
      """)

  @Flag(help: "Show it again every two seconds, until Ctrl-C.") var watch = false
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Leave out schemas that are not enabled.") var enabled = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      while true {
        let listing = try await Listing(
          """
          SELECT s.*, extract(epoch FROM s.freshness) AS freshness_seconds, extract(epoch FROM s.eta) AS eta_seconds,
            extract(epoch FROM s.next_at - now()) AS next_seconds
          FROM hedgerow.status s WHERE s.enabled OR NOT \(enabled) ORDER BY s.enabled DESC, s.source, s.schema
          """, on: workplace.connection)
        if watch, TerminalStream.standardOutput.canRedraw { TerminalStream.standardOutput.write("\u{1B}[H\u{1B}[2J") }
        json ? listing.printJSON() : show(listing)
        guard watch else { return }
        try await Task.sleep(for: .seconds(2))
      }
    }
  }

  private func show(_ listing: Listing) {
    listing.printTable(
      [.init("schema"), .init("table"), .init("mode"), .init("status"), .init("rows", .right), .init("size", .right), .init("fresh"), .init("cursor", isFlexible: true), .init("next")],
      empty: "Nothing is linked yet. Next: hedgerow link --help"
    ) { row in
      [
        .init("\(row["source"]?.stringValue ?? "").\(row["schema"]?.stringValue ?? "")"), row.cell("table_name"), row.cell("mode"),
        .status(row["status"]?.stringValue ?? ""), rows(row), row.bytes("bytes"), .init(Readable.ago(row.seconds("freshness_seconds"))),
        row.cell("cursor_value"), .init(next(row)),
      ]
    }
    let out = TerminalStream.standardOutput
    for row in listing.rows {
      guard let error = row["error"]?.stringValue else { continue }
      out.writeLine("")
      out.writeLine(out.style.red("\(row["source"]?.stringValue ?? "").\(row["schema"]?.stringValue ?? ""): ") + error.visible)
      if let hint = row["hint"]?.stringValue, !hint.isEmpty { out.writeLine("  " + hint.visible) }
    }
  }

  private func rows(_ row: JSONValue) -> TextTable.Cell {
    guard row["status"]?.stringValue == "running", let progress = row["progress_rows"]?.integerValue else { return row.count("rows") }
    let percent = row.seconds("progress_percent").map { " (\(Readable.percent($0 / 100)))" } ?? ""
    return .init(Readable.count(progress) + percent)
  }

  private func next(_ row: JSONValue) -> String {
    if row["status"]?.stringValue == "running" { return Readable.eta(row.seconds("eta_seconds")) }
    guard let seconds = row.seconds("next_seconds") else { return "-" }
    return seconds <= 0 ? "due" : "in \(Readable.duration(seconds))"
  }
}
