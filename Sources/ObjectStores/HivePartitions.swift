/// The columns that a key's folders hold, as Hive, Spark and others write them: `dt=2024-01-01/`.
public enum HivePartitions {
  /// A column of a partitioned table: its name and its value; nil is NULL.
  public struct Value: Sendable, Hashable {
    public var name: String
    public var value: String?

    public init(name: String, value: String?) {
      self.name = name
      self.value = value
    }
  }

  /// In the order of the folders, percent-decoded; of two with one name the inner one. The file's own name holds none.
  public static func values(in key: String) -> [Value] {
    var values: [Value] = []
    for folder in key.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      guard let equals = folder.firstIndex(of: "="), equals > folder.startIndex else { continue }
      let raw = folder[folder.index(after: equals)...]
      let name = PercentEncoding.decode(folder[..<equals]) ?? String(folder[..<equals])
      values.removeAll { $0.name == name }
      let isNull = raw == "__HIVE_DEFAULT_PARTITION__"
      values.append(Value(name: name, value: isNull ? nil : PercentEncoding.decode(raw) ?? String(raw)))
    }
    return values
  }
}
