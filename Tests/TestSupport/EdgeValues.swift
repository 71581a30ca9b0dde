import LocalPostgres

/// Values of one type, as text, at and near the ends of what the type holds.
public struct EdgeValues: Sendable, CustomStringConvertible {
  public var type: String
  public var texts: [String?]
  public var description: String { type }

  /// Those that the server of the tests has.
  public static let all = (scalars + texts + composed).filter { $0.since <= TestCluster.source.cluster.binaries.version }

  /// The first version of PostgreSQL that has the type.
  var since = 13

  private static let scalars = [
    EdgeValues(type: "boolean", texts: ["t", "f"]),
    EdgeValues(type: "smallint", texts: ["-32768", "0", "32767"]),
    EdgeValues(type: "integer", texts: ["-2147483648", "0", "2147483647"]),
    EdgeValues(type: "bigint", texts: ["-9223372036854775808", "0", "9223372036854775807"]),
    EdgeValues(type: "real", texts: ["NaN", "Infinity", "-Infinity", "-0", "1e-45", "3.4028235e38"]),
    EdgeValues(type: "double precision", texts: ["NaN", "Infinity", "-Infinity", "-0", "5e-324", "1.7976931348623157e308", "0.1"]),
    EdgeValues(type: "numeric", texts: ["NaN", "0", "0.000", "-" + String(repeating: "9", count: 200), "1e-400", "1e400", "1.10"]),
    EdgeValues(type: "numeric(12,2)", texts: ["9999999999.99", "-0.01", "NaN"]),
    EdgeValues(type: "date", texts: ["infinity", "-infinity", "4713-01-01 BC", "5874897-12-31", "2000-02-29"]),
    EdgeValues(type: "time", texts: ["00:00", "24:00", "23:59:59.999999"]),
    EdgeValues(type: "timetz", texts: ["00:00+15:59:59", "24:00-15:59:59", "12:00:00.000001+05:45"]),
    EdgeValues(type: "timestamp", texts: ["infinity", "-infinity", "4713-01-01 00:00 BC", "294276-12-31 23:59:59.999999"]),
    EdgeValues(type: "timestamptz", texts: ["infinity", "-infinity", "4713-01-01 00:00+00 BC", "2024-10-27 02:30+01", "2024-10-27 02:30+02"]),
    EdgeValues(type: "interval", texts: ["178000000 years", "-178000000 years", "1 mon -1 day 00:00:00.000001", "0"]),
    EdgeValues(type: "uuid", texts: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]),
  ]

  private static let texts = [
    EdgeValues(type: "text", texts: ["", " ", "\\N", "größe 🌿", "tab\tand\r\nline", "\u{FFFE}", String(repeating: "x", count: 9000)]),
    EdgeValues(type: "char(5)", texts: ["", "a", "a    ", "größe"]),
    EdgeValues(type: "varchar(5)", texts: ["", "  ", "größe"]),
    EdgeValues(type: "\"char\"", texts: ["", "a", "\\377"]),
    EdgeValues(type: "name", texts: ["", String(repeating: "n", count: 63)]),
    EdgeValues(type: "bytea", texts: ["\\x", "\\x00", "\\x00ff0d0a00", "\\x504743504f50590aff0d0a00"]),
    EdgeValues(type: "json", texts: ["null", "{ \"a\":1, \"a\":2 }", "\"\\u0000\"", "[1e400]"]),
    EdgeValues(
      type: "jsonb", texts: ["null", "{}", "1.10", "1e300", String(repeating: "[", count: 900) + String(repeating: "]", count: 900)]),
    EdgeValues(type: "jsonpath", texts: ["$.a[*] ? (@ > 1)"]),
    EdgeValues(type: "xml", texts: ["<a b=\"c\">d</a>", "text", ""]),
    EdgeValues(type: "tsvector", texts: ["", "'a':1A,2B 'b'", "a:16383"]),
    EdgeValues(type: "tsquery", texts: ["'a' & !'b' | 'c':*", "'a' <3> 'b'"]),
  ]

  private static let composed = [
    EdgeValues(type: "bit(5)", texts: ["00000", "10101"]),
    EdgeValues(type: "bit varying", texts: ["", "1", String(repeating: "10", count: 99)]),
    EdgeValues(type: "inet", texts: ["0.0.0.0", "10.1.2.3/8", "::ffff:1.2.3.4", "fe80::1/64"]),
    EdgeValues(type: "cidr", texts: ["10.0.0.0/8", "::/0"]),
    EdgeValues(type: "macaddr", texts: ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"]),
    EdgeValues(type: "macaddr8", texts: ["00:01:02:03:04:05:06:07"]),
    EdgeValues(type: "point", texts: ["(NaN,Infinity)", "(0,-0)"]),
    EdgeValues(type: "line", texts: ["{1,-1,0}"]),
    EdgeValues(type: "lseg", texts: ["[(0,0),(1,1)]"]),
    EdgeValues(type: "box", texts: ["(1,1),(0,0)"]),
    EdgeValues(type: "path", texts: ["[(0,0),(1,1)]", "((0,0),(1,1))"]),
    EdgeValues(type: "circle", texts: ["<(0,0),1>"]),
    EdgeValues(type: "polygon", texts: ["((0,0),(1,1),(2,0))"]),
    EdgeValues(type: "int4range", texts: ["empty", "[1,5)", "(,)", "[1,)"]),
    EdgeValues(type: "tstzrange", texts: ["[-infinity,infinity]", "(2024-03-31 01:30+00,)"]),
    EdgeValues(type: "daterange", texts: ["[2024-01-01,infinity)", "empty"]),
    EdgeValues(type: "nummultirange", texts: ["{}", "{[1,2],(3,4]}"], since: 14),
    EdgeValues(type: "pg_lsn", texts: ["0/0", "FFFFFFFF/FFFFFFFF"]),
    EdgeValues(type: "oid", texts: ["0", "4294967295"]),
    EdgeValues(type: "money", texts: ["-92233720368547758.08", "92233720368547758.07"]),
    EdgeValues(type: "integer[]", texts: ["{}", "{1,NULL,3}", "{{1,2},{3,4}}", "[-2:0]={1,2,3}", "[0:1][5:5]={{1},{2}}"]),
    EdgeValues(type: "text[]", texts: ["{\"\",NULL,\"NULL\",\"a,b\",\"\\\"\"}", "{}"]),
    EdgeValues(type: "timestamptz[]", texts: ["{infinity,NULL}"]),
  ]
}
