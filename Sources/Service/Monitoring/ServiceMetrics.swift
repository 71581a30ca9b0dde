import Postgres
import SQLText

/// The service's metrics: what the catalogue knows of every schema, and what this process has done. Pure.
enum ServiceMetrics {
  static let query: SQL = """
    SELECT source, schema, status, rows, attempts, extract(epoch FROM freshness) AS freshness, extract(epoch FROM frequency) AS frequency,
      extract(epoch FROM now() - next_at) AS overdue FROM hedgerow.status ORDER BY source, schema
    """

  private static let statuses = ["pending", "running", "completed", "failed", "retrying", "paused", "disabled", "stale"]

  /// - Parameters:
  ///   - rows: of `query`; nil where the warehouse did not answer.
  ///   - began: when the process did, in seconds since 1970.
  static func text(_ work: Monitor.Work, _ rows: [Row]?, began: Double) -> String {
    var out = MetricsText()
    out.put("hedgerow_warehouse_up", .gauge, "Whether the warehouse answered.", rows == nil ? 0 : 1)
    if let rows { schemas(rows, &out) }
    process(work, &out)
    if let memory = ProcessFigures.residentBytes {
      out.put("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", Double(memory))
    }
    out.put("process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.", ProcessFigures.cpuSeconds)
    out.put("process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.", began)
    return out.text
  }

  private static func schemas(_ rows: [Row], _ out: inout MetricsText) {
    out.begin("hedgerow_schemas", .gauge, "Schemas of all sources, by status.")
    for status in statuses { out.add("hedgerow_schemas", [("status", status)], Double(rows.count { $0["status"] == status })) }
    let due = rows.count { ["pending", "completed", "retrying", "stale"].contains($0["status"] ?? "") && ($0.double("overdue") ?? -1) > 0 }
    out.put("hedgerow_queue_depth", .gauge, "Schemas that are due and that no worker has taken yet.", Double(due))
    out.put("hedgerow_leases", .gauge, "Schemas that a worker, of any process, is syncing.", Double(rows.count { $0["status"] == "running" }))
    let shown = rows.filter { $0["status"] != "disabled" }
    each(shown, "hedgerow_schema_freshness_seconds", "Time since the last good sync ended; absent before the first.", &out) { $0.double("freshness") }
    each(shown, "hedgerow_schema_frequency_seconds", "How often the schema is to be synced.", &out) { $0.double("frequency") }
    each(shown, "hedgerow_schema_rows", "Rows that the synced table holds.", &out) { $0.double("rows") }
    each(shown, "hedgerow_schema_failures", "Syncs in a row that have failed.", &out) { $0.double("attempts") }
    each(shown, "hedgerow_schema_stopped", "Whether the schema waits for a person after an error.", &out) { $0["status"] == "failed" ? 1 : 0 }
  }

  private static func each(_ rows: [Row], _ name: String, _ help: String, _ out: inout MetricsText, _ value: (Row) -> Double?) {
    out.begin(name, .gauge, help)
    for row in rows {
      if let value = value(row) { out.add(name, [("source", row["source"] ?? ""), ("schema", row["schema"] ?? "")], value) }
    }
  }

  private static func process(_ work: Monitor.Work, _ out: inout MetricsText) {
    out.put("hedgerow_workers", .gauge, "How many syncs this process runs at a time at most.", Double(work.workers))
    out.put("hedgerow_running_syncs", .gauge, "Syncs that run in this process.", Double(work.running))
    out.begin("hedgerow_syncs_total", .counter, "Syncs of this process that have ended, by outcome.")
    for (outcome, count) in work.ended { out.add("hedgerow_syncs_total", [("outcome", outcome)], Double(count)) }
    out.put("hedgerow_rows_written_total", .counter, "Rows that completed syncs of this process have written.", Double(work.rowsWritten))
    out.put("hedgerow_read_bytes_total", .counter, "Bytes that completed syncs of this process have read.", Double(work.bytesRead))
    let completed = work.ended.first { $0.outcome == "completed" }?.count ?? 0
    out.begin("hedgerow_sync_seconds", .summary, "How long completed syncs of this process took.")
    out.add("hedgerow_sync_seconds_sum", [], work.seconds)
    out.add("hedgerow_sync_seconds_count", [], Double(completed))
  }
}
