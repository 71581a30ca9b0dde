import ArgumentParser
import Catalogue
import Terminal

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Install or upgrade the catalogue in the warehouse. Safe to run twice, and twice at once.",
    discussion: """
      Example:
        HEDGEROW_DATABASE_URL=postgresql://localhost/warehouse hedgerow migrate
      """)

  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common, migrates: false) { workplace in
      let ran = try await Migrator(workplace.connection).migrate()
      let out = TerminalStream.standardOutput
      for file in ran { out.writeLine("ran \(file)") }
      out.writeLine("The catalogue is at version \(Migrator.latest).")
    }
  }
}
