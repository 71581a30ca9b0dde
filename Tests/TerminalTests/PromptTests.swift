import Glibc
import Synchronization
import Testing

@testable import Terminal

@Suite(.serialized) struct PromptTests {
  let pseudo: PseudoTerminal

  init() throws { pseudo = try PseudoTerminal() }

  func ask(_ question: String) -> Waiting<Result<String, PromptError>> {
    let terminal = pseudo.terminal
    return Waiting {
      do throws(PromptError) {
        return .success(try Prompt.secret(question, on: terminal))
      } catch {
        return .failure(error)
      }
    }
  }

  @Test func `a secret does not show while it is typed`() {
    let answer = ask("Password for shop:")
    #expect(pseudo.shown(until: ": ") == "Password for shop: ")
    #expect(!pseudo.hasEcho)
    pseudo.type("größe wrong\u{15}s3cret 🌿\n")
    #expect(answer.result == .success("s3cret 🌿"))
    #expect(pseudo.hasEcho)
    #expect(pseudo.shown(until: "\r\n") == "\r\n")
  }

  @Test func `the end of the input is no answer`() {
    let answer = ask("Password:")
    _ = pseudo.shown(until: ": ")
    pseudo.type("\u{4}")
    #expect(answer.result == .failure(.noAnswer))
    #expect(pseudo.hasEcho)
  }

  @Test func `an empty secret is an answer`() {
    let answer = ask("Password:")
    _ = pseudo.shown(until: ": ")
    pseudo.type("\n")
    #expect(answer.result == .success(""))
  }

  @Test func `a signal sets the terminal right and then does what it did before`() {
    let before = signal(SIGINT) { _ in caughtSignals.add(1, ordering: .sequentiallyConsistent) }
    defer { signal(SIGINT, before) }
    let answer = ask("Password:")
    _ = pseudo.shown(until: ": ")
    pseudo.type("half")
    kill(getpid(), SIGINT)
    #expect(answer.result == .failure(.interrupted))
    #expect(pseudo.hasEcho)
    for _ in 1...1000 where caughtSignals.load(ordering: .sequentiallyConsistent) == 0 {
      usleep(5000)
    }
    #expect(caughtSignals.load(ordering: .sequentiallyConsistent) == 1)
  }

  @Test func `a question's text cannot command the terminal`() {
    let answer = ask("Password for \u{1B}[2J:")
    #expect(pseudo.shown(until: ": ") == #"Password for \x1B[2J: "#)
    pseudo.type("x\n")
    #expect(answer.result == .success("x"))
  }

  @Test(
    arguments: [
      ("y\n", nil, true), ("YES\n", false, true), ("n\n", true, false), ("No\n", nil, false),
      ("\n", true, true),
      ("\n", false, false),
    ] as [(String, Bool?, Bool)])
  func `yes and no are understood`(typed: String, fallback: Bool?, expected: Bool) {
    let terminal = pseudo.terminal
    pseudo.type(typed)
    let answer = Waiting { try? Prompt.confirm("Unlink shop?", default: fallback, on: terminal) }
    #expect(answer.result == expected)
  }

  @Test func `another answer is asked again`() {
    let terminal = pseudo.terminal
    let answer = Waiting { try? Prompt.confirm("Unlink shop?", default: nil, on: terminal) }
    #expect(pseudo.shown(until: "] ") == "Unlink shop? [y/n] ")
    pseudo.type("perhaps\n")
    #expect(
      pseudo.shown(until: "] ") == "perhaps\r\nPlease answer yes or no.\r\nUnlink shop? [y/n] ")
    pseudo.type("\n")
    _ = pseudo.shown(until: "] ")
    pseudo.type("yes\n")
    #expect(answer.result == true)
  }

  @Test func `what is no terminal cannot be asked`() {
    #expect(throws: PromptError.noTerminal) {
      try Prompt.secret("Password:", on: -1)
    }
  }
}

private let caughtSignals = Atomic<Int>(0)
