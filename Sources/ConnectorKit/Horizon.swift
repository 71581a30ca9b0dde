/// What a source could still commit, listed before a snapshot was taken there. Rows of these transactions are
/// not in the snapshot, and may have cursor values below the largest one that is.
public struct Horizon: Sendable, Equatable {
  public struct OpenTransaction: Sendable, Equatable {
    /// Lasts as long as the transaction, and names no other.
    public var id: String
    /// By the source's clock, in the form of `clock`; nil where our role may not see it.
    public var startedAt: String?

    public init(id: String, startedAt: String?) {
      self.id = id
      self.startedAt = startedAt
    }
  }

  /// The source's clock when the list was made, as `timestamptz` text.
  public var clock: String
  /// The start of the oldest one, at most the clock; nil where a start is not known.
  public var oldestStart: String?
  public var open: [OpenTransaction]
  /// Whether the source can tell at all; a standby cannot.
  public var isComplete: Bool
  /// The largest value of the cursor field before the list was made; nil where it is not cheap to know, or
  /// where times are compared with the clock instead.
  public var largestBefore: String?
  /// The zone in which its sessions write local times.
  public var timeZone: String

  public init(
    clock: String, oldestStart: String?, open: [OpenTransaction], isComplete: Bool, largestBefore: String?,
    timeZone: String
  ) {
    self.clock = clock
    self.oldestStart = oldestStart
    self.open = open
    self.isComplete = isComplete
    self.largestBefore = largestBefore
    self.timeZone = timeZone
  }
}
