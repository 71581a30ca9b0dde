import Testing

@testable import Terminal

@Suite struct ReadableTests {
  @Test(
    arguments: [
      (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"),
      (12_345, "12.3 kB"),
      (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"),
      (1_234_567_890, "1.2 GB"),
      (5_000_000_000_000, "5.0 TB"), (Int64.max, "9.2 EB"), (-1, "-1 B"), (-1_500_000, "-1.5 MB"),
      (Int64.min, "-9.2 EB"),
    ] as [(Int64, String)])
  func `bytes go by powers of 1000`(count: Int64, expected: String) {
    #expect(Readable.bytes(count) == expected)
  }

  @Test(
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (123_456, "123,456"),
      (1_234_567, "1,234,567"),
      (-1000, "-1,000"), (-999, "-999"), (Int64.max, "9,223,372,036,854,775,807"),
      (Int64.min, "-9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func `counts have commas`(count: Int64, expected: String) {
    #expect(Readable.count(count) == expected)
  }

  @Test func `unsigned numbers are counted too`() {
    #expect(Readable.count(UInt64.max) == "18,446,744,073,709,551,615")
    #expect(Readable.bytes(UInt64.max) == "18.4 EB")
  }

  @Test(
    arguments: [
      (0, "0 rows/s"), (0.4, "0.4 rows/s"), (0.01, "0.0 rows/s"), (3.44, "3.4 rows/s"),
      (99.96, "100 rows/s"),
      (412, "412 rows/s"), (999.6, "1.0k rows/s"), (412_345, "412k rows/s"),
      (1_234_567, "1.2M rows/s"),
      (-5000, "-5.0k rows/s"), (-0.01, "0.0 rows/s"), (.nan, "–"), (.infinity, "–"),
      (1e300, "9,223,372,036,854,775,807E rows/s"),
    ] as [(Double, String)])
  func `rates are short`(perSecond: Double, expected: String) {
    #expect(Readable.rate(perSecond) == expected)
  }

  @Test func `a rate may count bytes or anything else`() {
    #expect(Readable.byteRate(12_345_678) == "12.3 MB/s")
    #expect(Readable.byteRate(.nan) == "–")
    #expect(Readable.byteRate(1e300) == "9.2 EB/s")
    #expect(Readable.rate(5, of: "requests") == "5 requests/s")
  }

  @Test(
    arguments: [
      (0, "0%"), (0.0001, "<1%"), (0.01, "1%"), (0.29, "29%"), (0.639, "63%"), (0.999, "99%"),
      (1, "100%"), (2.5, "250%"),
      (-0.05, "-5%"), (.nan, "–"), (-.infinity, "–"),
    ] as [(Double, String)])
  func `percentages are rounded down`(fraction: Double, expected: String) {
    #expect(Readable.percent(fraction) == expected)
  }

  @Test(
    arguments: [
      (0, "0 s"), (0.0004, "0 s"), (0.001, "1 ms"), (0.04, "40 ms"), (0.0994, "99 ms"),
      (0.0996, "0.1 s"), (0.4, "0.4 s"),
      (1, "1.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (42.4, "42 s"), (59.6, "1 min"), (60, "1 min"),
      (192, "3 min 12 s"),
      (3599.6, "1 h"), (7500, "2 h 5 min"), (7259, "2 h"), (86_400, "1 d"), (273_600, "3 d 4 h"),
      (31_536_000, "365 d"), (3_000_000_000, "34,722 d"), (1e10, "over 100 years"),
      (1e300, "over 100 years"),
      (.nan, "–"), (.infinity, "–"), (-0.0001, "0 s"), (-192, "-3 min 12 s"), (-0.4, "-0.4 s"),
    ] as [(Double, String)])
  func `durations have at most two units`(seconds: Double, expected: String) {
    #expect(Readable.duration(seconds) == expected)
  }

  @Test func `a Duration reads like its seconds`() {
    #expect(Readable.duration(.milliseconds(1500)) == "1.5 s")
    #expect(Readable.duration(.seconds(192)) == "3 min 12 s")
  }

  @Test(
    arguments: [
      (nil, "never"), (0, "just now"), (0.9, "just now"), (42, "42 s ago"), (59.9, "59 s ago"),
      (192, "3 min ago"),
      (7199, "1 h ago"), (86_400, "1 d ago"), (1e9, "11,574 d ago"), (1e300, "over 100 years ago"),
      (-192, "in 3 min"),
      (-0.5, "just now"), (.nan, "–"), (.infinity, "–"),
    ] as [(Double?, String)])
  func `times in the past are told by their largest unit`(seconds: Double?, expected: String) {
    #expect(Readable.ago(seconds) == expected)
  }

  @Test(
    arguments: [
      (nil, ""), (.nan, ""), (.infinity, ""), (-1, ""), (0, "ETA 1 s"), (0.2, "ETA 1 s"),
      (6.9, "ETA 7 s"),
      (12.4, "ETA 12 s"), (192, "ETA 3 min 12 s"), (1e300, "ETA over 100 years"),
    ] as [(Double?, String)])
  func `an ETA is told only when there is one`(seconds: Double?, expected: String) {
    #expect(Readable.eta(seconds) == expected)
  }
}
