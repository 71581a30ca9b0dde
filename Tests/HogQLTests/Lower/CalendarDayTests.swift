import Testing

@testable import HogQL

/// Days of the calendar against the calendar that everybody knows.
@Suite struct CalendarDayTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2024-02-29", 19_782), ("2024-12-31", 20_088),
    ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
  ])
  func `a day is a number and comes back as its text`(text: String, number: Int) throws {
    let day = try #require(CalendarDay(text))
    #expect(day.number == number)
    #expect(day.text == text)
  }

  @Test func `every day of four centuries is its own text`() throws {
    for number in stride(from: -80_000, to: 80_000, by: 1) {
      let day = CalendarDay(year: 1970, month: 1).advanced(by: number)
      #expect(CalendarDay(day.text) == day)
    }
  }

  @Test(arguments: [
    ("2024-02-29", CalendarDay.Bucket.month, "2024-02-01", "2024-03-01"),
    ("2024-12-31", .month, "2024-12-01", "2025-01-01"), ("2024-11-15", .quarter, "2024-10-01", "2025-01-01"),
    ("2024-02-29", .year, "2024-01-01", "2025-01-01"), ("2024-02-29", .week(startsOnSunday: true), "2024-02-25", "2024-03-03"),
    ("2024-02-29", .week(startsOnSunday: false), "2024-02-26", "2024-03-04"),
    ("2024-02-25", .week(startsOnSunday: true), "2024-02-25", "2024-03-03"),
    ("1969-12-31", .week(startsOnSunday: false), "1969-12-29", "1970-01-05"), ("2024-02-29", .day, "2024-02-29", "2024-03-01"),
  ])
  func `a bucket begins and ends where it should`(text: String, bucket: CalendarDay.Bucket, start: String, next: String) throws {
    let day = try #require(CalendarDay(text)).start(of: bucket)
    #expect(day.text == start)
    #expect(day.next(bucket).text == next)
  }
}
