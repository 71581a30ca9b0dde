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

  @Test(arguments: ["often", "1s", "", "-1h"])
  func `a source cannot be linked with a frequency that is none`(frequency: String) async throws {
    let shop = try await LinkedShop()
    let error = await #expect(throws: PostgresError.self) { _ = try await shop.value("SELECT hedgerow.frequency(\(frequency))") }
    #expect(error?.message == "--frequency \(frequency) is not possible")
    #expect(error?.hint?.contains("--frequency 15min") == true)
  }
}
