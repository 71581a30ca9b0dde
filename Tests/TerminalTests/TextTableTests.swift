import Testing

@testable import Terminal

@Suite struct TextTableTests {
  func orders() -> TextTable {
    var table = TextTable([.init("table"), .init("rows", .right), .init("state")])
    table.add("orders", "1,234", "running")
    table.add("客户", "7", "")
    table.add("e\u{301}te\u{301}", "56", .init("failed", .red))
    return table
  }

  @Test func `columns align by what is seen, and no line ends with spaces`() {
    #expect(
      orders().render() == """
        table    rows  state
        orders  1,234  running
        客户        7
        e\u{301}te\u{301}        56  failed

        """)
  }

  @Test func `a terminal gets a rule under the header, bold titles and painted cells`() {
    let text = orders().render(width: 80, hasRule: true, style: Style(isOn: true))
    let lines = text.split(separator: "\n")
    #expect(
      lines[0] == "\u{1B}[1mtable\u{1B}[22m    \u{1B}[1mrows\u{1B}[22m  \u{1B}[1mstate\u{1B}[22m")
    #expect(lines[1] == "\u{1B}[2m──────  ─────  ───────\u{1B}[22m")
    #expect(lines[4].hasSuffix("56  \u{1B}[31mfailed\u{1B}[39m"))
  }

  @Test func `a pipe gets the whole table without escapes or rule`() {
    var table = TextTable([.init("text", isFlexible: true)])
    let long = String(repeating: "x", count: 200)
    table.add(.init(long, .red))
    let pipe = TerminalStream(isTerminal: false, write: { _ in })
    #expect(table.render(for: pipe) == "text\n\(long)\n")
    let terminal = TerminalStream(isTerminal: true, write: { _ in })
    #expect(table.render(for: terminal).split(separator: "\n")[2].displayWidth == 80)
  }

  @Test func `the flexible column gives way for the others`() {
    var table = TextTable([.init("id", .right), .init("error", isFlexible: true), .init("when")])
    table.add("12", "the server closed the connection", "3 min ago")
    #expect(
      table.render(width: 34) == """
        id  error                when
        12  the server closed …  3 min ago

        """)
  }

  @Test func `of two flexible columns the wider one gives first`() {
    var table = TextTable([.init("a", isFlexible: true), .init("b", isFlexible: true)])
    table.add("0123456789", "0123456789abcdefghij")
    #expect(table.fittedWidths(titles: ["a", "b"], width: 27) == [10, 15])
    #expect(table.fittedWidths(titles: ["a", "b"], width: 20) == [9, 9])
  }

  @Test func `a wide character is never cut in half`() {
    var table = TextTable([.init("t", isFlexible: true)])
    table.add("客户订单编号一二三")
    #expect(table.render(width: 10) == "t\n客户订单…\n")
    #expect(table.render(width: 9) == "t\n客户订单…\n")
    #expect(table.render(width: 8) == "t\n客户订…\n")
  }

  @Test(arguments: 0...40) func `no line is wider than the terminal, where that can be`(width: Int)
  {
    var table = TextTable([
      .init("first"), .init("second", .right, isFlexible: true), .init("third"),
    ])
    table.add("some text", "12345678901234567890", "👨‍👩‍👧 家族")
    let lines = table.render(width: width, hasRule: true).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.displayWidth <= max(width, 7) })
  }

  @Test func `what a cell holds cannot command the terminal or break the row`() {
    var table = TextTable([.init("na\u{1B}[1mme"), .init("x")])
    table.add("a\nb\u{1B}]0;owned\u{7}", "tab\there")
    let text = table.render()
    #expect(
      text == #"""
        na\x1B[1mme           x
        a\nb\x1B]0;owned\x07  tab\there

        """#)
  }

  @Test func `a table without rows is its header, one without columns an empty line`() {
    #expect(TextTable([.init("a"), .init("b")]).render() == "a  b\n")
    #expect(TextTable([]).render(width: 10) == "\n")
    #expect(TextTable([.init("a")]).isEmpty)
  }

  @Test func `cells that are missing at the end are empty`() {
    var table = TextTable([.init("a"), .init("b"), .init("c")])
    table.add("1")
    #expect(table.render() == "a  b  c\n1\n")
  }
}
