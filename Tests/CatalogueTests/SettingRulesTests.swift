import Postgres
import SQLText
import Testing

/// What the catalogue says to a word or a value that it cannot use.
@Suite struct SettingRulesTests {
  @Test func `the nearest word is found over one or two slips, swapped letters too`() async throws {
    let shop = try await LinkedShop()
    for (word, nearest) in Self.slips {
      let found = try await shop.value("SELECT hedgerow.nearest(\(word), ARRAY['mode', 'key', 'cursor', 'orders', 'max_deleted_share', 'größe'])")
      #expect(found == nearest, "\(word)")
    }
  }

  private static let slips: [(String, String?)] = [
    ("mdoe", "mode"), ("mod", "mode"), ("Mode", "mode"), ("kye", "key"), ("ordres", "orders"), ("corsur", "cursor"), ("cusror", "cursor"),
    ("max_delted_shrae", "max_deleted_share"), ("grösse", "größe"), ("nothing_like_it", nil), ("", nil), ("xy", nil),
  ]

  @Test func `transposed letters are one slip`() async throws {
    let shop = try await LinkedShop()
    for (word, other, distance) in [("mdoe", "mode", "1"), ("abc", "abc", "0"), ("", "abc", "3"), ("abc", "", "3"), ("kitten", "sitting", "3"), ("ca", "abc", "3")] {
      #expect(try await shop.value("SELECT hedgerow.edit_distance(\(word), \(other))") == distance, "\(word) \(other)")
    }
  }

  @Test func `each setting takes its own example, and nothing of another kind`() async throws {
    let shop = try await LinkedShop()
    #expect(try await shop.value("SELECT string_agg(name, ' ') FROM hedgerow.setting_rules() WHERE hedgerow.setting_takes(name, example) IS NOT TRUE") == nil)
    let free = "'cursor', 'key', 'columns', 'where', 'lookback', 'table'"
    #expect(
      try await shop.value(
        "SELECT string_agg(name, ' ') FROM hedgerow.setting_rules() WHERE name NOT IN (\(SQL(verbatim: free))) AND hedgerow.setting_takes(name, 'no such value') IS NOT FALSE") == nil)
  }

  /// Infinite ones are known to PostgreSQL 17 and later; earlier ones refuse them as no interval at all.
  @Test(arguments: ["frequency", "deletes_every"], ["infinity", "-infinity", "11 years", "170000000 years", "-170000000 years"])
  func `an interval without an end, or as good as that, is refused with what is possible`(setting: String, value: String) async throws {
    let shop = try await LinkedShop()
    let error = await #expect(throws: PostgresError.self) {
      _ = try await shop.value("SELECT cardinality(hedgerow.set_schema('shop', 'orders', jsonb_build_object(\(setting)::text, \(value)::text)))")
    }
    #expect(error?.message == "\(setting)=\(value) is not possible")
    #expect(error?.hint?.contains("an interval from one minute to ten years, as in: hedgerow set shop.orders \(setting)=") == true)
  }

  @Test(arguments: ["infinity", "-infinity", "1001 years", "170000000 years"])
  func `a lookback without an end, or as good as that, is refused`(value: String) async throws {
    let shop = try await LinkedShop()
    try await shop.connection.execute(
      """
      UPDATE hedgerow.schema SET columns = '[{"name": "id", "type": "bigint"}, {"name": "updated_at", "type": "timestamptz"}]', candidates = '[{"name": "updated_at"}]'
      WHERE name = 'orders'
      """)
    #expect(try await shop.value("SELECT cardinality(hedgerow.set_schema('shop', 'orders', '{\"lookback\": \"1000 years\"}'))") == "1")
    let error = await #expect(throws: PostgresError.self) {
      _ = try await shop.value("SELECT cardinality(hedgerow.set_schema('shop', 'orders', jsonb_build_object('lookback', \(value)::text)))")
    }
    #expect(error?.message == "lookback=\(value) does not fit the cursor field updated_at")
  }

  @Test(arguments: ["often", "1s", "", "-1h", "infinity", "-infinity", "11 years", "170000000 years"])
  func `a source cannot be linked with a frequency that is none`(frequency: String) async throws {
    let shop = try await LinkedShop()
    let error = await #expect(throws: PostgresError.self) { _ = try await shop.value("SELECT hedgerow.frequency(\(frequency))") }
    #expect(error?.message == "--frequency \(frequency) is not possible")
    #expect(error?.hint?.contains("--frequency 15min") == true)
  }

  @Test func `a source that is linked from SQL has the same bounds`() async throws {
    let shop = try await LinkedShop()
    for frequency in ["1s", "11 years"] {
      let error = await #expect(throws: PostgresError.self) {
        _ = try await shop.value("SELECT hedgerow.link_source('postgres', 'other', '{}', NULL, '[]', 'o_', 'warehouse', \(frequency)::interval)")
      }
      #expect(error?.hint == "A frequency is an interval from one minute to ten years.")
    }
  }
}
