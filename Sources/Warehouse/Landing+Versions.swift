public import Rows
public import SQLText

/// Of a source that hands out older versions and marks of deletion, keeps the rows that count.
extension Landing {
  /// For a generation that nobody sees yet and that has no key.
  public func settle(_ versions: RowVersions) -> [SQL] {
    var statements: [SQL] = []
    if let generation = versions.generation.map({ Identifier($0) }) {
      statements.append("DELETE FROM \(table) WHERE \(generation) IS DISTINCT FROM (SELECT max(\(generation)) FROM \(table))")
    }
    guard !versions.key.isEmpty else { return statements }
    let key = versions.key.map { Identifier($0) }.list
    let place: SQL = versions.keepsTies
      ? "rank() OVER (PARTITION BY \(key) ORDER BY \(newest(versions.order))true)"
      : "row_number() OVER (PARTITION BY \(key) ORDER BY \(newest(versions.order))ctid DESC)"
    statements.append("DELETE FROM \(table) WHERE ctid IN (SELECT ctid FROM (SELECT ctid, \(place) AS nth FROM \(table)) held WHERE nth > 1)")
    if let mark = versions.deleted { statements.append("DELETE FROM \(table) WHERE \(Self.isMarked(mark, "\(table)"))") }
    return statements
  }

  /// Leaves only rows of the highest generation, staged or held. The first takes from the staged rows, the second from those held.
  public func keepHighest(_ generation: String) -> (staged: SQL, held: SQL) {
    let column = Identifier(generation)
    let staging: SQL = "pg_temp.\(TableShape.staging)"
    let highest: SQL = "greatest((SELECT max(\(column)) FROM \(staging)), (SELECT max(\(column)) FROM \(table)))"
    return (
      "DELETE FROM \(staging) WHERE \(column) IS DISTINCT FROM \(highest)",
      "DELETE FROM \(table) WHERE \(column) IS DISTINCT FROM \(highest) AND EXISTS (SELECT FROM \(staging))"
    )
  }

  /// Takes away the rows whose deletion was staged and merged.
  public func removeMarked(_ versions: RowVersions) -> SQL? {
    guard let mark = versions.deleted, !versions.key.isEmpty else { return nil }
    let same = versions.key.map { "held.\(Identifier($0)) = staged.\(Identifier($0))" as SQL }.joined(separator: " AND ")
    return "DELETE FROM \(table) held USING pg_temp.\(TableShape.staging) staged WHERE \(same) AND \(Self.isMarked(mark, "held"))"
  }

  private static func isMarked(_ mark: RowVersions.Mark, _ row: SQL) -> SQL {
    switch mark {
    case .isTrue(let column): "\(row).\(Identifier(column)) IS TRUE"
    case .isNotNull(let column): "\(row).\(Identifier(column)) IS NOT NULL"
    }
  }

  /// ` AND ...`: the staged row is as new as the one that is held, or newer.
  func notOlder(_ order: [String]) -> SQL {
    guard !order.isEmpty else { return "" }
    let cases = order.map { name -> SQL in
      let column = Identifier(name)
      return "WHEN held.\(column) IS DISTINCT FROM excluded.\(column) THEN coalesce(excluded.\(column) > held.\(column), held.\(column) IS NULL)"
    }
    return " AND CASE \(cases.joined(separator: " ")) ELSE true END"
  }
}
