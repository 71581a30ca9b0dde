import ArgumentParser
import Glibc
import Terminal

/// Parses the command line, runs the command and turns what it throws into a text and an exit code.
@main
enum Main {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    var command: any ParsableCommand
    do { command = try Hedgerow.parseAsRoot() } catch { leave(parsing: error) }
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
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

  /// Help goes to standard output; wrong use to standard error, with exit code 2.
  private static func leave(parsing error: any Error) -> Never {
    let text = Hedgerow.fullMessage(for: error)
    guard Hedgerow.exitCode(for: error) != .success else {
      print(text)
      exit(0)
    }
    TerminalStream.standardError.writeLine(text)
    exit(2)
  }
}

struct Hedgerow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hedgerow",
    abstract: "Keeps tables of your own Postgres in sync with databases, APIs and buckets.",
    discussion: """
      A first sync, without a server to set up:
        hedgerow --help
        hedgerow link postgres shop url=postgresql://reader@db.example/shop --all --embedded ./hedgerow
        hedgerow sync shop --embedded ./hedgerow
        hedgerow status --embedded ./hedgerow

      The warehouse is the database that HEDGEROW_DATABASE_URL names. Exit codes: 0 done, 1 something failed,
      2 wrong use, 75 try again later.
      """,
    version: version,
    subcommands: [
      Link.self, Sync.self, Status.self, Sources.self, Schemas.self, SetCommand.self, History.self, Reload.self, Pause.self,
      Resume.self, Unlink.self, Verify.self, Doctor.self, Kinds.self, Migrate.self,
    ])

  static let version = "0.1.0"
}
