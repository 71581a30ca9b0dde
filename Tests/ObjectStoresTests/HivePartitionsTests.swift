import ObjectStores
import Testing

@Suite struct HivePartitionsTests {
  @Test(arguments: [
    ("t/dt=2024-01-01/country=DE/x.csv", [("dt", "2024-01-01"), ("country", "DE")]),
    ("t/a=b%2Fc%20d/e%3Df=g=h/x", [("a", "b/c d"), ("e=f", "g=h")]),
    ("t/dt=__HIVE_DEFAULT_PARTITION__/x", [("dt", nil)]), ("t/dt=/x", [("dt", "")]), ("t/=x/y", []), ("dt=1.csv", []),
    ("t/a=1/b/a=2/x", [("a", "2")]), ("x", []), ("t/a=100%/x", [("a", "100%")]), ("t/a=%ff/x", [("a", "%ff")]),
  ] as [(String, [(String, String?)])])
  func `a key's folders are columns`(key: String, values: [(String, String?)]) {
    #expect(HivePartitions.values(in: key) == values.map { HivePartitions.Value(name: $0.0, value: $0.1) })
  }
}
