/// Where an incremental schema has got to. Of constant size, however many rows share a value.
public struct CursorState: Codable, Hashable, Sendable {
  /// The safe point: every row below it is in the warehouse, whatever a transaction that was open may still
  /// have committed. The next read begins here, inclusive. Nil when nothing is safe yet: it reads everything.
  public var floor: String?
  /// The largest value that the warehouse holds; nil where it holds none.
  public var high: String?
  /// A value that becomes safe when transactions that were open have ended.
  public var pending: Pending?
  /// The checkpoint of the last batch that was committed, for connectors whose batches carry them; `floor` and
  /// `pending` are nil then.
  public var checkpoint: String?

  public struct Pending: Codable, Hashable, Sendable {
    /// For numbers: the largest value from before `open` was listed.
    public var value: String?
    /// For times: the source's clock then.
    public var clock: String
    public var open: [String]

    public init(value: String?, clock: String, open: [String]) {
      self.value = value
      self.clock = clock
      self.open = open
    }
  }

  public init(floor: String?, high: String?, pending: Pending? = nil, checkpoint: String? = nil) {
    self.checkpoint = checkpoint
    self.floor = floor
    self.high = high
    self.pending = pending
  }
}
