import Glibc

/// Randomness that gives the same numbers for the same seed everywhere.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// A seed of its own, which is printed, or the one in `HEDGEROW_TEST_SEED`.
  public init(_ purpose: String) {
    let given = getenv("HEDGEROW_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
    self.init(seed: given ?? UInt64.random(in: 1...1_000_000_000))
    print("\(purpose): HEDGEROW_TEST_SEED=\(seed)")
  }

  /// SplitMix64.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
