import ArgumentParser
import Catalogue
import Terminal

struct ProjectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project", abstract: "Show or change what holds for all queries in HogQL.",
    discussion: """
      Settings:
        timezone    the zone in which hours, days and weeks are told apart
        week_start  sunday or monday: where toStartOfWeek cuts

      Examples:
        hedgerow project
        hedgerow project timezone=Europe/Berlin week_start=monday

      In SQL it is the function hedgerow.set_project(settings). A file that
      HEDGEROW_HOGQL_CONFIG names has its own settings; query --timezone goes first.
      """)

  @Argument(help: "Settings, as key=value.") var settings: [String] = []
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let given = try Assignments(settings)
    try await Workplace.with(common) { workplace in
      if !settings.isEmpty { try await workplace.catalogue.setProject(given.dictionary) }
      let project = try await workplace.catalogue.project()
      TerminalStream.standardOutput.writeLine(
        "timezone=\(project.timeZone) week_start=\(project.weekStartsOnSunday ? "sunday" : "monday")".visible)
    }
  }
}
