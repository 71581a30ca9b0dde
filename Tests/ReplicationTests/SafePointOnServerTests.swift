#if canImport(TestSupport)
  import Postgres
  import Rows
  import SQLText
  import TestSupport
  import Testing

  @testable import Replication

  /// The floor that PostgreSQL computes from a safe point.
  @Suite struct SafePointOnServerTests {
    @Test(arguments: [
      (SafePoint.Rule.keep, "5", "9", "5"), (.keep, nil, "9", nil), (.number("7"), "5", "9", "7"), (.number("7"), nil, "9", "7"),
      (.number("12"), "5", "9", "9"), (.number("3"), "5", "9", "5"), (.number("7"), "5", nil, "7"), (.number("-9223372036854775808"), nil, "0", "-9223372036854775808"),
    ] as [(SafePoint.Rule, String?, String?, String?)])
    func `a number's floor never goes back and never passes what was read`(rule: SafePoint.Rule, before: String?, high: String?, floor: String?) async throws {
      #expect(try await self.floor(rule, before, high, .integer) == floor)
    }

    @Test func `a numeric floor is exact`() async throws {
      let value = "123456789012345678901234567890.000000000000000000001"
      #expect(try await floor(.number(value), nil, value + "5", .numeric) == value)
    }

    @Test(arguments: [
      ("2024-10-27 00:30:00+00", nil, "2024-10-27 05:00:00+00", "2024-10-27 00:29:00+00"),
      ("2024-10-27 02:30:00+02", nil, "2024-10-27 05:00:00+00", "2024-10-27 00:29:00+00"),
      ("2024-10-27 00:30:00+00", nil, "2024-10-26 00:00:00+00", "2024-10-26 00:00:00+00"),
      ("2024-10-27 00:30:00+00", "2024-10-27 03:00:00+00", "2024-10-27 05:00:00+00", "2024-10-27 03:00:00+00"),
      ("2024-10-27 00:30:00+00", "2024-10-20 00:00:00+00", nil, "2024-10-20 00:00:00+00"), ("2024-10-27 00:30:00+00", nil, nil, nil),
    ] as [(String, String?, String?, String?)])
    func `a moment's floor is the margin below it`(moment: String, before: String?, high: String?, floor: String?) async throws {
      #expect(try await self.floor(.moment(moment, slack: SafePoint.margin), before, high, .timestamptz) == floor)
    }

    @Test(arguments: [
      ("2024-07-01 12:00:00+00", "Europe/Berlin", "2024-07-01 10:59:00"), ("2024-07-01 12:00:00+00", "America/New_York", "2024-07-01 06:59:00"),
      ("2024-07-01 12:00:00+00", "UTC", "2024-07-01 10:59:00"),
    ])
    func `a local time's floor is the earliest clock, an hour back`(moment: String, zone: String, floor: String) async throws {
      #expect(try await self.floor(.moment(moment, slack: "1 minute"), nil, "2030-01-01 00:00:00", .timestamp, zone) == floor)
    }

    @Test func `a local time's floor stays an hour below the largest that was read`() async throws {
      let floor = try await floor(.moment("2024-07-01 12:00:00+00", slack: "1 minute"), nil, "2024-06-01 00:00:00", .timestamp)
      #expect(floor == "2024-05-31 23:00:00")
    }

    @Test(arguments: [
      ("2024-03-31 00:30:00+00", "America/New_York", "2024-03-29"), ("2024-03-31 12:00:00+00", "Pacific/Auckland", "2024-03-30"),
      ("2024-03-31 00:00:30+00", "UTC", "2024-03-29"), ("2024-03-31 00:02:00+00", "UTC", "2024-03-30"),
    ])
    func `a day is safe when it is over wherever the source's clocks are`(moment: String, zone: String, floor: String) async throws {
      #expect(try await self.floor(.moment(moment, slack: "1 minute"), nil, "2030-01-01", .date, zone) == floor)
    }

    /// Whoever writes at the moment or later, in UTC or by the clock on the wall, writes no less than the floor.
    @Test(
      arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Antarctica/Troll"],
      [CursorType.date, .timestamp, .timestamptz])
    func `nothing that is written later is below the floor, also when clocks go back`(zone: String, type: CursorType) async throws {
      let connection = try await Self.connect()
      let name = SQL(verbatim: SafePoint.typeName(type))
      for day in ["2024-03-10", "2024-03-31", "2024-04-07", "2024-10-06", "2024-10-27", "2024-11-03"] {
        let moments = try await connection.query(
          "SELECT t::text FROM generate_series(\(day)::timestamptz - interval '12 hours', \(day)::timestamptz + interval '24 hours', interval '29 minutes') t")
        let checks = moments.compactMap { $0.values[0] }.map { moment -> SQL in
          let floor = SafePoint(rule: .moment(moment, slack: SafePoint.margin), pending: nil)
            .floor(previous: nil, high: type == .timestamptz ? "2030-01-01 00:00+00" : "2030-01-01", type, zone: zone)
          let wall: SQL = type == .timestamptz ? "t" : "least(t AT TIME ZONE 'UTC', t AT TIME ZONE \(Literal(zone)))"
          return """
            SELECT \(Literal(moment)) WHERE (SELECT min((\(wall))::\(name)) FROM generate_series(\(Literal(moment))::timestamptz,
              \(Literal(moment))::timestamptz + interval '5 hours', interval '5 minutes') t) < (\(floor))::\(name)
            """
        }
        let lost = try await connection.query(checks.joined(separator: " UNION ALL "))
        #expect(lost.compactMap { $0.values[0] } == [])
      }
    }

    private func floor(
      _ rule: SafePoint.Rule, _ before: String?, _ high: String?, _ type: CursorType, _ zone: String = "UTC"
    ) async throws -> String? {
      let sql = SafePoint(rule: rule, pending: nil).floor(
        previous: before.map { CursorState(floor: $0, high: nil) }, high: high, type, zone: zone)
      return try await Self.connect().query("SELECT " + sql + " AS floor")[0]["floor"]
    }

    private static func connect() async throws -> Connection {
      try await Connection.open(try ConnectionParameters(url: TestCluster.warehouse.url()))
    }
  }
#endif
