import Formats
import Testing

@Suite struct FormatErrorTests {
  @Test func `an error tells the row and the byte where it is known`() {
    #expect("\(FormatError(.corrupt, "the quote is not closed", row: 3, offset: 42))" == "the quote is not closed (row 3, byte 42)")
    #expect("\(FormatError(.truncated, "the file ends in a page"))" == "the file ends in a page")
  }
}
