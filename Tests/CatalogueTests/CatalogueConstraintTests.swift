import Catalogue
import Postgres
import SQLText
import TestSupport
import Testing

/// Wrong states that the catalogue does not let anybody write, with psql or otherwise.
@Suite struct CatalogueConstraintTests {
  @Test func `each wrong state is refused by the constraint that is named for it`() async throws {
    let shop = try await LinkedShop()
    for (constraint, sql) in Self.wrong {
      let error = await #expect(throws: PostgresError.self, "\(sql)") { try await shop.connection.execute(SQL(verbatim: sql)) }
      #expect(error?.message.contains(constraint) == true, "\(sql): \(error?.message ?? "")")
    }
    #expect(try await shop.value("SELECT count(*) FROM hedgerow.schema") == "2")
  }

  private static let wrong = [
    ("a_source_has_its_name_alone", "INSERT INTO hedgerow.source (name, kind) VALUES ('shop', 'postgres')"),
    ("a_name_has_no_dot", "UPDATE hedgerow.source SET name = 'a.b'"),
    ("a_name_has_no_dot", "UPDATE hedgerow.source SET name = ''"),
    ("a_prefix_is_part_of_a_name", "UPDATE hedgerow.source SET prefix = 'a-'"),
    ("a_frequency_is_a_minute_or_more", "UPDATE hedgerow.source SET frequency = '59 seconds'"),
    ("a_source_may_be_read", "UPDATE hedgerow.source SET max_connections = 0"),
    ("a_table_has_one_schema", "UPDATE hedgerow.schema SET table_name = 'same'"),
    ("a_schema_is_listed_once", "UPDATE hedgerow.schema SET name = 'same'"),
    ("a_mode_is_known", "UPDATE hedgerow.schema SET mode = 'upsert'"),
    ("a_merge_has_a_key", "UPDATE hedgerow.schema SET key = '{}' WHERE name = 'orders'"),
    ("an_incremental_schema_has_a_cursor", "UPDATE hedgerow.schema SET cursor_field = NULL WHERE name = 'orders'"),
    ("an_incremental_schema_has_a_cursor", "UPDATE hedgerow.schema SET mode = 'append' WHERE name = 'items'"),
    ("a_refresh_is_known", "UPDATE hedgerow.schema SET refresh = 'fast'"),
    ("a_difference_has_a_key", "UPDATE hedgerow.schema SET refresh = 'difference' WHERE name = 'items'"),
    ("deletes_are_known", "UPDATE hedgerow.schema SET deletes = 'some'"),
    ("deletes_need_a_key", "UPDATE hedgerow.schema SET deletes = 'hard' WHERE name = 'items'"),
    ("a_share_is_a_share", "UPDATE hedgerow.schema SET max_deleted_share = 1.01"),
    ("a_status_is_known", "UPDATE hedgerow.schema SET last_status = 'good'"),
    ("a_failure_says_why", "UPDATE hedgerow.schema SET last_status = 'failed'"),
    ("a_retry_has_a_time", "UPDATE hedgerow.schema SET last_status = 'retrying', error = 'x', next_at = NULL"),
    ("ranges_are_few", "UPDATE hedgerow.schema SET parallel = 17"),
    ("chunks_have_a_size", "UPDATE hedgerow.schema SET chunk_bytes = 1"),
    ("rejects_are_not_negative", "UPDATE hedgerow.schema SET max_rejects = -1"),
    ("a_schema_frequency_is_a_minute_or_more", "UPDATE hedgerow.schema SET frequency = '1 second'"),
    ("a_lease_is_whole", "UPDATE hedgerow.schema SET lease_owner = 'me'"),
    ("a_lease_is_whole", "UPDATE hedgerow.schema SET lease_owner = 'me', lease_until = now()"),
    ("a_state_is_known", "INSERT INTO hedgerow.generation (table_name, state) VALUES ('g', 'old')"),
    ("a_generation_has_its_table_alone", "INSERT INTO hedgerow.generation (table_name, state) VALUES ('g', 'loading'), ('g', 'loading')"),
    ("one_generation_is_current", "INSERT INTO hedgerow.generation (schema_id, table_name, state) SELECT 1, g, 'current' FROM unnest(ARRAY['a', 'b']) g"),
    ("one_generation_is_loading", "INSERT INTO hedgerow.generation (schema_id, table_name, state) SELECT 1, g, 'loading' FROM unnest(ARRAY['a', 'b']) g"),
    ("a_sync_status_is_known", history("'done', now()")),
    ("a_trigger_is_known", history("'completed', now()").replacing("'command'", with: "'whim'")),
    ("an_end_has_a_time", history("'completed', NULL")),
    ("an_end_has_a_time", history("'running', now()")),
    ("every_row_is_accounted_for", history("'completed', now()", ", 3, 2, 0")),
    ("updated_rows_were_written", history("'cancelled', now()", ", 1, 1, 2")),
    ("a_failed_sync_says_why", history("'failed', now()")),
  ]

  private static func history(_ end: String, _ counts: String = ", 0, 0, 0") -> String {
    """
    INSERT INTO hedgerow.history (source, schema, table_name, mode, trigger, worker, lease_token, status, finished_at,
      rows_read, rows_written, rows_updated) VALUES ('s', 'x', 't', 'merge', 'command', 'w', 1, \(end)\(counts))
    """
  }
}
