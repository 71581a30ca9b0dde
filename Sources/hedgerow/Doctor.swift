import ArgumentParser
import Catalogue
import ConnectorKit
import JSON
import Postgres
import SQLText
import Terminal

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check rights, versions, settings and credentials; each finding with what mends it.",
    discussion: """
      Example:
        hedgerow doctor
      """)

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  /// One thing that was looked at.
  struct Finding {
    var isGood: Bool
    var text: String
    var mend: String?
  }

  func run() async throws {
    let findings = try await Workplace.with(common) { workplace in
      try await warehouse(workplace) + [queries(workplace)] + sources(workplace)
    }
    let out = TerminalStream.standardOutput
    if json {
      out.writeLine(JSONValue.array(findings.map { finding in
        .object([(key: "good", value: .bool(finding.isGood)), (key: "finding", value: .string(finding.text)), (key: "mend", value: finding.mend.map { .string($0) } ?? .null)])
      }).text(.pretty))
    } else {
      for finding in findings {
        out.writeLine((finding.isGood ? out.style.green("good ") : out.style.red("mend ")) + finding.text.visible)
        if let mend = finding.mend { out.writeLine("     " + mend.visible) }
      }
    }
    if findings.contains(where: { !$0.isGood }) { throw ExitCode(Complaint.failed) }
  }

  private func warehouse(_ workplace: Workplace) async throws -> [Finding] {
    let row = try await workplace.connection.query(
      """
      SELECT current_setting('server_version') AS version, current_database() AS database, quote_ident(current_user) AS role,
        has_database_privilege(current_database(), 'CREATE') AS may_create, has_database_privilege(current_database(), 'TEMPORARY') AS may_stage,
        EXISTS (SELECT FROM pg_roles WHERE rolname = 'hedgerow_reader') AS has_reader,
        pg_has_role(to_regrole('hedgerow_reader'), CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS may_read,
        current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS free,
        pg_is_in_recovery() AS standby, current_setting('server_encoding') AS encoding
      """)[0]
    let role = row["role"] ?? "?"
    let database = row["database"] ?? "?"
    return [
      Finding(isGood: true, text: "the warehouse is PostgreSQL \(row["version"] ?? "?"), database \(database), catalogue version \(Migrator.latest)", mend: nil),
      check(!row.bool("standby"), "the warehouse takes writes", "the warehouse is a standby", "Give HEDGEROW_DATABASE_URL the primary."),
      check(row.bool("may_create"), "role \(role) may create namespaces", "role \(role) may not create namespaces", "GRANT CREATE ON DATABASE \(database) TO \(role);"),
      check(row.bool("may_stage"), "role \(role) may stage rows in temporary tables", "role \(role) may not make temporary tables", "GRANT TEMPORARY ON DATABASE \(database) TO \(role);"),
      check(row.bool("has_reader"), "role hedgerow_reader is there", "role hedgerow_reader is missing", "As a role that may: CREATE ROLE hedgerow_reader NOLOGIN; then hedgerow migrate"),
      check(row.bool("may_read"), "role \(role) may query as hedgerow_reader", "role \(role) may not become hedgerow_reader, as which queries run", "GRANT hedgerow_reader TO \(role);"),
      check((row.integer("free") ?? 0) > 5, "\(row["free"] ?? "?") connections are free", "only \(row["free"] ?? "?") connections are free", "Raise max_connections, or close sessions that nobody uses."),
      check(row["encoding"] == "UTF8", "the encoding is UTF8", "the encoding is \(row["encoding"] ?? "?"), which cannot hold every text", "Use a database made with: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0;"),
    ]
  }

  private func check(_ isGood: Bool, _ good: String, _ bad: String, _ mend: String) -> Finding {
    Finding(isGood: isGood, text: isGood ? good : bad, mend: isGood ? nil : mend)
  }

  private func queries(_ workplace: Workplace) async throws -> Finding {
    do { try await Migrator(workplace.connection).prepareQueries() } catch let error as CatalogueError {
      return Finding(isGood: false, text: error.message, mend: error.hint)
    }
    return Finding(isGood: true, text: "HogQL's functions are those of this version", mend: nil)
  }

  private func sources(_ workplace: Workplace) async throws -> [Finding] {
    let types = try await workplace.warehouseTypes()
    var findings: [Finding] = []
    for source in try await workplace.catalogue.sources() {
      do {
        let connector = try workplace.connector(source, types)
        let report = try await connector.check()
        await connector.close()
        findings.append(Finding(isGood: true, text: "source \(source.name): \(report.server); \(report.notes.joined(separator: "; "))", mend: nil))
      } catch {
        let complaint = Complaint(error)
        findings.append(Finding(isGood: false, text: "source \(source.name): \(complaint.message)", mend: complaint.hint))
      }
    }
    return findings
  }
}
