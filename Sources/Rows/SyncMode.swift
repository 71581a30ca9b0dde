/// How a schema's rows come into the warehouse.
public enum SyncMode: String, Codable, Sendable, CaseIterable {
  /// Every row, each time, swapped in as a whole.
  case fullRefresh = "full_refresh"
  /// Rows whose cursor field has moved on are added; nothing is changed.
  case append
  /// Rows whose cursor field has moved on are inserted or updated by primary key.
  case merge
}
