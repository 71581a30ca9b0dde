import ArgumentParser
import Catalogue
import ConnectorKit
import JSON
import Postgres
import Rows
import Secrets
import Terminal

struct Link: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Link a source: check its credentials, find its tables, store both.",
    discussion: """
      Example:
        hedgerow link postgres shop --tables orders,customers \\
          url=postgresql://reader@db.example/shop password=env:SHOP_PASSWORD

      A value may be env:VARIABLE or file:PATH; it is then read at each sync. The
      password is asked for when it is missing and there is a terminal.
      hedgerow kinds shows what each kind needs.
      """)

  @Argument(help: "What sort of source it is, such as postgres.") var kind: String
  @Argument(help: "Your name for it.") var name: String
  @Argument(help: "The fields that the kind needs, as key=value.") var fields: [String] = []

  @Option(help: "Comes before the names of its tables, so that two sources of a kind can be told apart.") var prefix = ""
  @Option(help: ArgumentHelp("Enable these tables, separated by commas.", valueName: "a,b")) var tables: String?
  @Flag(help: "Enable every table.") var all = false
  @Option(help: "full_refresh, append or merge; by default merge where a table has a key and a column that tells changes, else full_refresh.") var mode: String?
  @Option(help: "How often to sync, such as 15min, 1h or 1d.") var frequency = "6h"
  @Flag(help: "Show what would be linked, and store nothing.") var dryRun = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let kind = try Workplace.kind(self.kind)
    guard mode == nil || SyncMode(rawValue: mode!) != nil else {
      throw Complaint("there is no mode \(mode!)", hint: "The modes are full_refresh, append and merge.")
    }
    let form = try LinkForm(kind: kind, typed: fields)
    try await Workplace.with(common) { workplace in
      let connector = try kind.connect(
        ConnectorSettings(fields: form.fields, secrets: form.resolved, maxConnections: 2, warehouse: try await workplace.warehouseTypes(),
          allowedHosts: workplace.settings.allowedHosts))
      let report = try await connector.check()
      let found = try await connector.discover()
      await connector.close()
      let choice = try SchemaChoice(found, tables: tables, all: all, mode: mode, label: name)
      if !dryRun {
        let sealed = form.stored.isEmpty ? nil : try workplace.settings.secretBox().seal(form.stored, for: name)
        try await workplace.catalogue.link(
          kind: kind.name, name: name, fields: form.fields, sealedSecrets: sealed, schemas: try Commits.json(choice.entries),
          prefix: prefix, namespace: workplace.settings.namespace, frequency: frequency)
      }
      show(report, choice)
    }
  }

  private func show(_ report: ConnectionReport, _ choice: SchemaChoice) {
    let out = TerminalStream.standardOutput
    if json { return out.writeLine(choice.json.text(.pretty)) }
    let count = choice.entries.count
    let tables = "\(count) table\(count == 1 ? "" : "s"), \(choice.entries.filter(\.enabled).count) enabled"
    out.writeLine("\(dryRun ? "Would link" : "Linked") \(name): \(report.server), \(tables).")
    for note in report.notes { out.writeLine("  " + note.visible) }
    out.write(choice.table.render(for: out))
    for note in choice.notes { out.writeLine(note.visible) }
    if dryRun { return }
    out.writeLine(
      choice.entries.contains(where: \.enabled)
        ? "Next: hedgerow sync \(name)" : "Nothing is enabled yet. Next: hedgerow set \(name).\(choice.entries.first?.name ?? "TABLE") enabled=true")
  }
}
