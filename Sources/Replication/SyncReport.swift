public import Catalogue

/// What one sync did.
public struct SyncReport: Sendable {
  public var source: String
  public var schema: String
  public var table: String
  public var mode: String
  public var counts: RowCounts
  /// From claim to commit.
  public var seconds: Double
  public var timings: [String: Double]
  public var notes: [String]
}
