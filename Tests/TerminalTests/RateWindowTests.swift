import Testing

@testable import Terminal

@Suite struct RateWindowTests {
  @Test func `the rate is that of the last five seconds`() {
    var window = RateWindow(start: 0)
    for tick in 1...200 { window.add(Int64(tick) * 100, at: Double(tick) / 10) }
    #expect(window.rate(at: 20).map { ($0 - 1000).magnitude < 1 } == true)
    for tick in 1...100 { window.add(20_000 + Int64(tick), at: 20 + Double(tick) / 10) }
    #expect(window.rate(at: 30).map { ($0 - 10).magnitude < 0.1 } == true)
  }

  @Test func `it is too early to say at the start`() {
    var window = RateWindow(start: 10)
    #expect(window.rate(at: 10) == nil)
    window.add(100, at: 10.1)
    #expect(window.rate(at: 10.1) == nil)
    #expect(window.rate(at: 10.5) == 200)
  }

  @Test func `a source that went silent has the rate 0`() {
    var window = RateWindow(start: 0)
    window.add(1000, at: 1)
    #expect(window.rate(at: 5) == 200)
    #expect(window.rate(at: 7) == 0)
  }

  @Test func `rare counts still give a rate`() {
    var window = RateWindow(start: 0)
    for minute in 1...3 { window.add(Int64(minute) * 6000, at: Double(minute) * 60) }
    #expect(window.rate(at: 180) == 100)
  }

  @Test func `a count below the last begins anew`() {
    var window = RateWindow(start: 0)
    window.add(5000, at: 4)
    window.add(0, at: 5)
    window.add(100, at: 6)
    #expect(window.rate(at: 6) == 100)
  }
}
