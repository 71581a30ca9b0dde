internal import SQLText

/// Leads from a place in the SQL back to the text: errors of Postgres' parser name a place in the SQL.
struct PlaceMap: Sendable {
  /// A piece of SQL that begins at `offset`, in bytes, and the piece of the text it stands for.
  struct Mark: Hashable, Sendable {
    var offset: Int
    var span: Span
  }

  /// By offset.
  var marks: [Mark] = []

  /// The last piece that begins at or before the offset.
  func span(at offset: Int) -> Span? {
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? marks[low - 1].span : nil
  }
}

/// Where in the text the names that the SQL holds were used first.
struct NamePlaces {
  struct Column: Hashable {
    var table: String
    var column: String
  }
  var columns: [Column: Span] = [:]
  /// By the function's name in SQL.
  var functions: [String: Span] = [:]

  mutating func note(_ column: ColumnReference, at span: Span) {
    let key = Column(table: column.alias, column: column.column)
    if columns[key] == nil { columns[key] = span }
  }

  mutating func note(_ sql: SQLExpr, at span: Span) {
    switch sql {
    case .call(_, let name, _): if functions[name] == nil { functions[name] = span }
    case .aggregate(let aggregate): if functions[aggregate.name] == nil { functions[aggregate.name] = span }
    default: break
    }
  }
}

extension CompiledQuery {
  /// The piece of the text that a place in the SQL comes from, as near as is known. `position` counts characters from
  /// 1, as the field P of a Postgres error does.
  public func span(atSQLPosition position: Int) -> Span? {
    var left = max(position, 1) - 1
    var offset = 0
    for scalar in sql.unicodeScalars {
      guard left > 0 else { break }
      left -= 1
      offset += UTF8.width(scalar)
    }
    return places.span(at: offset)
  }

  /// What a run-time error of Postgres means for the person who wrote the query, by its SQLSTATE; nil when Postgres'
  /// own message says it best.
  public static func explanation(sqlState: String) -> (message: String, hint: String)? {
    switch sqlState {
    case "22003":
      (
        "A number is out of range: integers have 64 bits here and do not wrap around.",
        "Convert one operand with toFloat or toDecimal before the arithmetic."
      )
    case "22012":
      ("An integer or Decimal was divided by zero.", "Use intDivOrZero, moduloOrZero, or divide by nullIf(x, 0).")
    case "2201B":
      ("A regular expression is not valid.", "Look-around and unusual escapes are not understood by both engines.")
    case "21000":
      ("A subquery that stands for one value gave several rows.", "Add LIMIT 1 or an aggregate to it.")
    case "54001":
      ("The query is too deeply nested for Postgres.", "Compute its parts in subqueries.")
    case "57014":
      ("The query took longer than it may.", "Read fewer rows, for instance by a condition on the time.")
    default: nil
    }
  }
}
