import FoundationEssentials
import Rows
import Testing

@Suite struct CursorStateTests {
  @Test(arguments: [
    CursorState(floor: nil, high: nil), CursorState(floor: "41", high: "42"),
    CursorState(floor: "2024-10-27 02:30:00", high: nil, pending: .init(value: nil, clock: "2024-10-27 00:30:00+00", open: ["3/7"])),
    CursorState(floor: nil, high: "9", pending: .init(value: "8", clock: "x", open: [])),
  ])
  func `a state comes back from the catalogue as it was`(state: CursorState) throws {
    let json = try JSONEncoder().encode(state)
    #expect(try JSONDecoder().decode(CursorState.self, from: json) == state)
  }

  @Test func `a stored state without a pending value is read`() throws {
    let state = try JSONDecoder().decode(CursorState.self, from: Data(#"{"floor": "1"}"#.utf8))
    #expect(state == CursorState(floor: "1", high: nil))
  }
}
