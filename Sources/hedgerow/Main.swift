import ArgumentParser
import Glibc
import Terminal

/// Parses the command line, runs the command and turns what it throws into a text and an exit code.
@main
enum Main {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    var command: any ParsableCommand
    do {
      try refuseUnknownCommand()
      command = try Hedgerow.parseAsRoot()
    } catch { leave(parsing: error) }
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      if let error = TerminalStream.standardOutput.error, !error.isReaderGone { throw error }
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch where isHelp(error) {
      leave(parsing: error)
    } catch {
      let complaint = Complaint(error)
      complaint.write(to: .standardError)
      exit(complaint.exitCode)
    }
  }

  private static func isHelp(_ error: any Error) -> Bool {
    error is CleanExit || error is ValidationError || Hedgerow.exitCode(for: error) == .success
  }

  /// The parser finds no nearest name for a command.
  private static func refuseUnknownCommand() throws(Complaint) {
    let words = CommandLine.arguments.dropFirst().drop { $0 == "help" }
    let known = Hedgerow.configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word = words.first, !word.hasPrefix("-"), !known.contains(word) else { return }
    throw Complaint(
      "there is no command \(word)", hint: nearest(word, known).map { "Did you mean hedgerow \($0)?" } ?? "hedgerow help lists the commands.")
  }

  /// Help goes to standard output; wrong use to standard error, with exit code 2.
  private static func leave(parsing error: any Error) -> Never {
    if let complaint = error as? Complaint {
      complaint.write(to: .standardError)
      exit(complaint.exitCode)
    }
    let text = Hedgerow.fullMessage(for: error)
    guard Hedgerow.exitCode(for: error) != .success else {
      print(text)
      exit(0)
    }
    // What the parser says takes the form of every other error.
    let message = Hedgerow.message(for: error)
    Complaint(message.prefix(1).lowercased() + message.dropFirst()).write(to: .standardError)
    let usage = text.dropFirst("Error: \(message)\n".count)
    TerminalStream.standardError.writeLine(String(usage))
    exit(Complaint.wrongUse)
  }
}

struct Hedgerow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hedgerow",
    abstract: "Keeps tables of your own Postgres in sync with databases, APIs and buckets.",
    discussion: """
      A first sync, without a server to set up:
        export HEDGEROW_EMBEDDED=./hedgerow
        hedgerow link postgres shop url=postgresql://reader@db.example/shop --all
        hedgerow sync shop
        hedgerow status

      Else the warehouse is the database that HEDGEROW_DATABASE_URL names.
      Exit codes: 0 done, 1 something failed, 2 wrong use, 75 try again later.
      """,
    version: version,
    subcommands: [
      Link.self, Sync.self, Serve.self, Status.self, Sources.self, Schemas.self, SetCommand.self, History.self, Reload.self, Pause.self,
      Resume.self, Unlink.self, QueryCommand.self, Translate.self, JoinCommand.self, ProjectCommand.self, Verify.self, Doctor.self, Kinds.self, Migrate.self,
    ])

  static let version = "0.1.0"
}
