import Testing

@testable import Terminal

@Suite struct StyleTests {
  func isOn(isTerminal: Bool = true, _ variables: [String: String]) -> Bool {
    Style(isTerminal: isTerminal) { variables[$0] }.isOn
  }

  @Test func `colours are on where a person looks at a terminal that can show them`() {
    #expect(isOn(["TERM": "xterm-256color"]))
    #expect(!isOn(isTerminal: false, ["TERM": "xterm-256color"]))
    #expect(!isOn(["TERM": "dumb"]))
    #expect(!isOn(["TERM": ""]))
    #expect(!isOn([:]))
  }

  @Test func `the variables of the terminal world are honoured`() {
    #expect(!isOn(["TERM": "xterm", "NO_COLOR": "1"]))
    #expect(isOn(["TERM": "xterm", "NO_COLOR": ""]))
    #expect(!isOn(["TERM": "xterm", "CLICOLOR": "0"]))
    #expect(isOn(isTerminal: false, ["CLICOLOR_FORCE": "1"]))
    #expect(isOn(["TERM": "dumb", "CLICOLOR_FORCE": "1"]))
    #expect(!isOn(isTerminal: false, ["TERM": "xterm", "CLICOLOR_FORCE": "0"]))
    #expect(!isOn(["TERM": "xterm", "CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
  }

  @Test func `paint is written around the text, and only where it is on`() {
    let style = Style(isOn: true)
    #expect(style.bold("x") == "\u{1B}[1mx\u{1B}[22m")
    #expect(style.green("x") == "\u{1B}[32mx\u{1B}[39m")
    #expect(style("x", .plain) == "x")
    #expect(style.dim("") == "")
    for paint in Paint.allCases { #expect(Style.off("x", paint) == "x") }
  }

  @Test func `each paint can be taken out again`() {
    for paint in Paint.allCases {
      #expect(Escape.removed(from: "a" + Style(isOn: true)("größe", paint) + "b") == "agrößeb")
    }
  }
}
