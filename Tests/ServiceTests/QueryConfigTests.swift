import Service
import Testing

@Suite struct QueryConfigTests {
  @Test func `a file says how the project names tables and reads times`() throws {
    let config = try QueryConfig(
      json: """
        {"timezone": "Europe/Berlin", "week_start": "monday", "default_limit": 7, "core_tables": ["events"],
         "tables": {"shop.orders": "orders"},
         "joins": [{"table": "orders", "field": "customer", "key": "customer_id", "to": "customers", "to_key": "id"}]}
        """)
    #expect(config.timeZone == "Europe/Berlin" && !config.weekStartsOnSunday && config.defaultLimit == 7)
    #expect(config.coreTables == ["events"] && config.tables == ["shop.orders": "orders"])
    #expect(config.joins.count == 1)
  }

  @Test(arguments: [
    ("[]", "object"), ("{", "JSON"), (#"{"zone": 1}"#, "zone"), (#"{"week_start": "friday"}"#, "friday"), (#"{"default_limit": 0}"#, "default_limit"),
    (#"{"joins": [{"table": "a"}]}"#, "joins[].field"),
  ])
  func `what is wrong is named`(json: String, word: String) {
    let error = #expect(throws: QueryConfigError.self) { try QueryConfig(json: json) }
    #expect(error?.message.contains(word) == true)
  }
}
