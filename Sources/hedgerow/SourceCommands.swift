import ArgumentParser
import Catalogue
import Terminal

struct Reload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Load from the start at the next sync; the rows of now stay readable until the new ones are in.",
    discussion: """
      Example:
        hedgerow reload shop.orders && hedgerow sync shop.orders
      """)

  @Argument(help: "The source, or SOURCE.SCHEMA.") var name: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let target = Target(name)
    try await Workplace.with(common) { workplace in
      let count = try await workplace.catalogue.reload(target.source, target.schema)
      TerminalStream.standardOutput.writeLine("\(count) schemas load from the start at their next sync. Now: hedgerow sync \(name)")
    }
  }
}

struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let no sync of a source start; one that runs comes to its end.",
    discussion: """
      Example:
        hedgerow pause shop
      """)

  @Argument(help: "The source.") var name: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      try await workplace.catalogue.pause(name)
      TerminalStream.standardOutput.writeLine("\(name) is paused. hedgerow resume \(name) lets it go on.")
    }
  }
}

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let the syncs of a paused source start again.",
    discussion: """
      Example:
        hedgerow resume shop
      """)

  @Argument(help: "The source.") var name: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      try await workplace.catalogue.resume(name)
      TerminalStream.standardOutput.writeLine("\(name) goes on.")
    }
  }
}

struct Unlink: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take a source away, with its tables or without. Always succeeds, even with the source gone.",
    discussion: """
      Example:
        hedgerow unlink shop --keep-tables
      """)

  @Argument(help: "The source.") var name: String
  @Flag(help: "Leave the synced tables as they are; they are yours then.") var keepTables = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      let said = try await workplace.catalogue.unlink(name, keepTables: keepTables)
      let out = TerminalStream.standardOutput
      out.writeLine("\(name) is unlinked\(keepTables ? "" : ", and its tables are dropped").")
      for sentence in said { out.writeLine("  " + sentence.visible) }
    }
  }
}
