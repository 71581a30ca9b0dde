/// Which rows count of a source that keeps older versions of them, and marks of what was deleted. In this order:
///
/// 1. Of several generations, only the highest one's. NULL is the lowest.
/// 2. Of the rows with one key, the newest; where `keepsTies` is set, all that are as new as it.
/// 3. A row that counts and is marked means that there is no such row.
public struct RowVersions: Sendable, Equatable {
  /// What marks a row as the deletion of its key.
  public enum Mark: Sendable, Equatable {
    case isTrue(String)
    case isNotNull(String)
  }

  /// Empty where every row of the generation counts.
  public var key: [String]
  /// Columns whose larger value is newer, the first decides; NULL is the oldest. Of equal ones, what was read later is newer.
  public var order: [String]
  public var keepsTies: Bool
  public var generation: String?
  public var deleted: Mark?

  public init(key: [String], order: [String], keepsTies: Bool = false, generation: String? = nil, deleted: Mark? = nil) {
    self.key = key
    self.order = order
    self.keepsTies = keepsTies
    self.generation = generation
    self.deleted = deleted
  }
}
