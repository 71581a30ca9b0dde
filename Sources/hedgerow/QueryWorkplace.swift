import Catalogue
import HogQL
import LocalPostgres
import Postgres
import Service
import SQLText

extension Workplace {
  /// What runs queries in this warehouse: over the tables of the catalogue, or of the file that
  /// `HEDGEROW_HOGQL_CONFIG` names.
  func queryRunner(_ options: QueryOptions) async throws -> QueryRunner {
    let config = try settings.queryConfig.map(Self.config)
    let queries = try await queryCatalogue(config, options)
    var compile = CompileOptions()
    if let limit = config?.defaultLimit { compile.defaultLimit = limit }
    if let limit = options.limit {
      compile.defaultLimit = limit
      compile.maximumLimit = limit
    }
    (compile.collationIsC, compile.foldsASCIIOnly) = try await catalogue.textRules()
    var limits = QueryRunner.Limits()
    limits.timeout = options.timeout
    limits.memory = options.memory
    return QueryRunner(
      connection, catalogue: queries, reader: config == nil ? .role : .sessionUser, options: compile, limits: limits)
  }

  private func queryCatalogue(_ config: QueryConfig?, _ options: QueryOptions) async throws -> QueryCatalogue {
    var queries: QueryCatalogue
    if let config {
      queries = .configured(config, try await catalogue.queryTables(in: settings.namespace, for: .sessionUser))
    } else {
      let project = try await catalogue.project()
      queries = .stored(
        try await catalogue.queryTables(in: settings.namespace, for: .role), joins: try await catalogue.joins(),
        timeZone: project.timeZone, weekStartsOnSunday: project.weekStartsOnSunday)
    }
    if let zone = options.timezone { queries.timeZone = zone }
    try await check(zone: queries.timeZone)
    return queries
  }

  private static func config(_ path: String) throws -> QueryConfig {
    guard let text = Disk.read(path) else {
      throw Complaint("HEDGEROW_HOGQL_CONFIG=\(path) cannot be read", hint: "Give the path of a JSON file, or unset it.")
    }
    do { return try QueryConfig(json: text) } catch {
      throw Complaint("HEDGEROW_HOGQL_CONFIG=\(path): \(error.message)", hint: "It has timezone, week_start, default_limit, core_tables, tables and joins.")
    }
  }

  private func check(zone: String) async throws {
    guard zone != "UTC" else { return }
    do { try await connection.execute("SELECT now() AT TIME ZONE \(zone)") } catch {
      guard error.sqlState == "22023" else { throw error }
      throw Complaint("there is no time zone \(zone)", hint: "Write it like Europe/Berlin; pg_timezone_names lists them all.")
    }
  }
}

extension QueryFailure {
  var exitCode: Int32 {
    switch kind {
    case .refused: Complaint.wrongUse
    case .failed, .cancelled: Complaint.failed
    case .transient: Complaint.tryAgain
    }
  }
}
