import ArgumentParser
import Catalogue
import JSON
import SQLText
import Terminal

struct JoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join", abstract: "Link tables for HogQL, so that a query reaches one through the other.",
    discussion: """
      Example:
        hedgerow join add persons properties.email stripe_customer email
        hedgerow query "select stripe_customer.currency from persons"
      """,
    subcommands: [Add.self, List.self, Remove.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Store a link: TABLE.NAME reaches TARGET where KEY equals TARGET-KEY.",
      discussion: """
        Example:
          hedgerow join add stripe.charge customer_id stripe.customer id --as customer

        A key is a column, or a path into a JSON column such as properties.email.
        A link of the same name is replaced. In SQL it is the function
        hedgerow.join(table, key, target, target_key, name).
        """)

    @Argument(help: "The table that the link starts at.") var table: String
    @Argument(help: "Its key.") var key: String
    @Argument(help: "The table that the link leads to.") var target: String
    @Argument(help: "That table's key.") var targetKey: String
    @Option(name: .customLong("as"), help: ArgumentHelp("What queries call the link. [the target's name]", valueName: "name"))
    var field: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
      try await Workplace.with(common) { workplace in
        let made = try await workplace.catalogue.join(table, key, to: target, targetKey, as: field)
        TerminalStream.standardOutput.writeLine("\(made) leads to \(target) now.".visible)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the links.",
      discussion: """
        Example:
          hedgerow join list
        """)

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
      try await Workplace.with(common) { workplace in
        let listing = try await Listing(
          """
          SELECT table_name AS table, field AS name, key, target, target_key, created_at FROM hedgerow.join ORDER BY table_name, field
          """, on: workplace.connection)
        if json { return listing.printJSON() }
        listing.printTable(
          [.init("link"), .init("key"), .init("target"), .init("target key")],
          empty: "There is no link yet. Next: hedgerow join add --help"
        ) { row in
          [
            .init("\(row["table"]?.stringValue ?? "").\(row["name"]?.stringValue ?? "")"), row.cell("key"), row.cell("target"),
            row.cell("target_key"),
          ]
        }
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a link away; the tables stay as they are.",
      discussion: """
        Example:
          hedgerow join remove stripe.charge customer
        """)

    @Argument(help: "The table that the link starts at.") var table: String
    @Argument(help: "What queries call the link.") var name: String
    @OptionGroup var common: CommonOptions

    func run() async throws {
      try await Workplace.with(common) { workplace in
        try await workplace.catalogue.unjoin(table, name)
        TerminalStream.standardOutput.writeLine("\(table).\(name) leads nowhere now.".visible)
      }
    }
  }
}
