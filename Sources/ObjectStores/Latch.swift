import Synchronization

/// Open until it is closed once, from any task.
final class Latch: Sendable {
  private let state = Atomic(true)
  var isOpen: Bool { state.load(ordering: .relaxed) }
  func close() { state.store(false, ordering: .relaxed) }
}
