import Testing

@testable import Replication

/// What the scheduler decides without a server.
@Suite struct SchedulerTests {
  @Test func `pauses between tries double, end at an hour, and have a third of jitter`() {
    let pauses = (1...12).map { RetryPause.inService($0, jitter: 0) / .seconds(1) }
    #expect(pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600])
    #expect(RetryPause.inService(1_000_000, jitter: 1) == .seconds(4800))
    #expect(RetryPause.inService(0, jitter: 0) == .seconds(10))
    #expect(RetryPause.inCommand(1, jitter: 0) == .milliseconds(500))
    #expect(RetryPause.inCommand(99, jitter: 0) == .seconds(15))
  }

  private func snapshot(_ phase: String, _ rows: Int) -> Progress.Snapshot {
    var result = Progress.Snapshot()
    (result.phase, result.rows) = (phase, rows)
    return result
  }

  @Test func `a source that gives no more rows is hung, one that gives a row now and then is not`() {
    let began = ContinuousClock.now
    var slow = StallWatch(limit: .seconds(60), began: began)
    for minute in 1...100 { #expect(slow.failure(snapshot("load", minute), at: began + .seconds(59 * minute)) == nil) }
    let last = began + .seconds(59 * 100)
    #expect(slow.failure(snapshot("load", 100), at: last + .seconds(60)) == nil)
    let failure = slow.failure(snapshot("load", 100), at: last + .seconds(61))
    #expect(failure?.verdict == .transient)
    #expect(failure?.message.contains("after 100 rows") == true && failure?.hint != nil)
  }

  @Test func `the warehouse's own work is never taken for a hung source`() {
    let began = ContinuousClock.now
    var watch = StallWatch(limit: .seconds(60), began: began)
    for phase in ["index", "swap", "merge", "reshape"] {
      #expect(watch.failure(snapshot(phase, 5), at: began) == nil)
      #expect(watch.failure(snapshot(phase, 5), at: began + .seconds(100_000)) == nil)
    }
    var patient = StallWatch(limit: nil, began: began)
    #expect(patient.failure(snapshot("load", 0), at: began + .seconds(100_000)) == nil)
  }

  @Test(.timeLimit(.minutes(1))) func `a signal ends a wait, also one that came before it`() async {
    let wakeUp = WakeUp()
    wakeUp.signal()
    wakeUp.signal()
    #expect(await wakeUp.wait(atMost: .seconds(600)))
    let waiter = Task { await wakeUp.wait(atMost: .seconds(600)) }
    try? await Task.sleep(for: .milliseconds(20))
    wakeUp.signal()
    #expect(await waiter.value)
    #expect(await !wakeUp.wait(atMost: .milliseconds(5)))
  }

  @Test func `stopping goes from work to drain to cancel, and stays there`() {
    let state = SchedulerState()
    #expect(state.mayClaim)
    #expect([state.stop(), state.stop(), state.stop()] == [.drain, .cancel, .cancel])
    #expect(!state.mayClaim && state.mustCancel)
  }
}
