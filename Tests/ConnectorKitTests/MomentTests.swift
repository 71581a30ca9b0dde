import Testing

@testable import ConnectorKit

/// Moments as APIs write them.
@Suite struct MomentTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("2024-02-29T12:00:00Z", 1_709_208_000_000_000), ("2024-02-29T13:00:00+01:00", 1_709_208_000_000_000),
    ("2024-02-29 12:00:00.5", 1_709_208_000_500_000), ("2024-02-29T12:00:00.123456789Z", 1_709_208_000_123_456),
    ("2024-02-29T12:00:00-0530", 1_709_227_800_000_000), ("1969-12-31T23:59:59Z", -1_000_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
  ] as [(String, Int64)])
  func `an ISO text is read`(text: String, microseconds: Int64) {
    #expect(Moment.parse(Array(text.utf8)) == microseconds)
  }

  @Test(arguments: ["", "2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T25:00:00Z", "2024-01-01T10:00:00.Z", "yesterday", "2024-01-01T10:00:00Zz"])
  func `what is no moment is none`(text: String) {
    #expect(Moment.parse(Array(text.utf8)) == nil)
  }

  @Test func `what is written is read again, for days of four centuries`() {
    for day in stride(from: Int64(-80_000), to: 120_000, by: 37) {
      let moment = day * 86_400_000_000 + 12_345_678_901
      #expect(Moment.parse(Array(Moment.iso(moment).utf8)) == moment)
    }
    #expect(Moment.text(-1, .unixSeconds) == "-1")
    #expect(Moment.text(1_709_208_000_123_456, .unixMilliseconds) == "1709208000123")
  }
}
