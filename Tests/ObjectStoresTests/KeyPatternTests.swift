import ObjectStores
import Testing

@Suite struct KeyPatternTests {
  @Test(arguments: [
    ("a/b.csv", ["a/b.csv"], ["a/b.csvx", "a/b", "xa/b.csv"]),
    ("a/*.csv", ["a/b.csv", "a/größe.csv"], ["a/b/c.csv", "a/b.csv.gz", "a/.hidden.csv"]),
    ("a/**", ["a/b", "a/b/c/d.csv"], ["b/a", "a/_SUCCESS", "a/_temporary/0/x.csv", "a/.x/y"]),
    ("**/*.csv", ["x.csv", "a/x.csv", "a/b/x.csv"], ["a/x.tsv", "_x.csv"]),
    ("a/**/b.csv", ["a/b.csv", "a/x/b.csv", "a/x/y/b.csv"], ["a/xb.csv", "ab.csv"]),
    ("a**b", ["ab", "axb", "a/x/b"], ["a/x/c"]),
    ("f?.csv", ["f1.csv", "fé.csv"], ["f.csv", "f12.csv", "f/.csv"]),
    ("f[0-9a].csv", ["f0.csv", "f9.csv", "fa.csv"], ["fb.csv", "f10.csv"]),
    ("f[!0-9].csv", ["fx.csv"], ["f1.csv", "f/.csv"]), ("f[^x].csv", ["fy.csv"], ["fx.csv"]),
    ("f[]-].csv", ["f].csv", "f-.csv"], ["fx.csv"]),
    ("{a,b/c}/x.{csv,csv.gz}", ["a/x.csv", "b/c/x.csv.gz"], ["c/x.csv", "a/x.gz"]),
    ("m{1..12}.csv", ["m1.csv", "m12.csv"], ["m0.csv", "m13.csv", "m01.csv"]),
    ("m{01..12}.csv", ["m01.csv", "m12.csv"], ["m1.csv"]), ("m{3..1}.csv", ["m2.csv"], ["m4.csv"]),
    ("x{a,{b,c}d}y", ["xay", "xbdy", "xcdy"], ["xby"]), ("x{,.gz}", ["x", "x.gz"], ["x.g"]),
    ("{date}/x", ["{date}/x"], ["date/x"]), ("{}", ["{}"], [""]),
    ("a\\*b\\[\\{", ["a*b[{"], ["axb[{"]), ("a\\", ["a\\"], ["a"]),
    ("_x/*.csv", ["_x/1.csv"], ["x/1.csv"]), ("*/_delta/*", ["a/_delta/1"], ["a/_delta/_1"]),
    ("*/*.csv", ["_dt=2024-01-01/1.csv"], ["_dt/1.csv"]), ("dt=*/[_a]x", ["dt=1/ax"], ["dt=1/_x"]),
    ("a//*.csv", ["a//1.csv"], ["a/1.csv"]), ("]x}", ["]x}"], ["x"]),
  ])
  func `a pattern matches what it means`(text: String, matching: [String], others: [String]) throws {
    let pattern = try KeyPattern(text)
    for key in matching { #expect(pattern.matches(key), "\(text) means \(key)") }
    for key in others { #expect(!pattern.matches(key), "\(text) does not mean \(key)") }
    for key in matching {
      #expect(pattern.prefixes.contains { key.hasPrefix($0) }, "\(key) is listed")
    }
  }

  @Test(arguments: [
    ("a/b*.csv", ["a/b"]), ("*", [""]), ("a/b.csv", ["a/b.csv"]), ("{a,b}/*", ["a/", "b/"]), ("{a,ab}*", ["a"]),
    ("x/{2024,2023}/{1..2}/*", ["x/2023/1/", "x/2023/2/", "x/2024/1/", "x/2024/2/"]), ("x/m{1..100}/*", ["x/m"]),
    ("a\\*b*", ["a*b"]), ("dt=[12]*", ["dt="]),
  ])
  func `only what may be meant is listed`(text: String, prefixes: [String]) throws {
    #expect(try KeyPattern(text).prefixes == prefixes)
  }

  @Test(arguments: ["a[", "a[b", "a{b", "{1..9999}", "{1..99}{1..99}", "[9-0]", "a[\\"])
  func `a pattern that cannot be meant is refused`(text: String) {
    #expect(throws: ObjectStoreError.self) { try KeyPattern(text) }
  }

  @Test func `a pattern of stars takes no longer for a key that nearly matches`() throws {
    let pattern = try KeyPattern(String(repeating: "*a", count: 30) + "b")
    let start = ContinuousClock.now
    #expect(!pattern.matches(String(repeating: "a", count: 1000)))
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func `one key exactly is known as such`() throws {
    #expect(try KeyPattern("a\\*b").isLiteral)
    #expect(try !KeyPattern("a*b").isLiteral)
    #expect(try !KeyPattern("{a,b}").isLiteral)
  }
}
