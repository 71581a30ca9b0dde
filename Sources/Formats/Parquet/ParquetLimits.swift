/// What a file may ask for before it is refused. All of them are checked before any memory is taken.
enum ParquetLimits {
  /// Bytes of the footer.
  static let footer = 64 << 20
  /// Bytes of a page, packed or unpacked: the unit that must be in memory as a whole. Writers make pages of 1 MB by
  /// default; a page of one value may be as large as the value.
  static let page = 256 << 20
  /// Bytes of a page's header, which may hold the least and the greatest value.
  static let header = 4 << 20
  /// How deep groups may be nested.
  static let depth = 100
  /// Bytes of JSON that one row's nested value may become; `jsonb` itself ends at 256 MB.
  static let document = 128 << 20
  /// Entries of one leaf in one row's nested value.
  static let entries = 16 << 20
  /// Bytes of all the row groups that are fetched at once; another such lot is fetched ahead.
  static let lot: Int64 = 8 << 20
  /// What lies between two wanted ranges and is fetched along rather than asked for twice.
  static let gap: Int64 = 128 << 10
  /// Encoded bytes that one column may be ahead of the others.
  static let ahead = 1 << 20
  /// Bytes of a batch, about.
  static let batch = 1 << 20
  /// Values that are decoded in one go.
  static let run = 1024
}
