/// LIMIT, OFFSET and LIMIT BY.
extension Parser {
  mutating func parseLimits() throws(QueryError) -> (LimitBy?, Limit?) {
    let start = token.span
    if take(.offset) != nil { return (nil, try parseOffsetFirst(from: start)) }
    guard take(.limit) != nil else { return (nil, nil) }
    let (limit, hasComma) = try parseLimit(from: start)
    guard take(.by) != nil else { return (nil, limit) }
    let limitBy = try parseLimitBy(limit, hasComma: hasComma)
    guard isAt(.limit) || isAt(.offset) else { return (limitBy, nil) }
    return (limitBy, try parseRowLimit())
  }

  /// The LIMIT behind a LIMIT BY.
  private mutating func parseRowLimit() throws(QueryError) -> Limit {
    let start = token.span
    if take(.offset) != nil { return try parseOffsetFirst(from: start) }
    advance()
    let limit = try parseLimit(from: start).limit
    guard !isAt(.by) else { throw QueryError("Only one LIMIT BY is possible.", at: token.span) }
    return limit
  }

  /// `LIMIT a, b` means offset a, limit b with BY, but limit a, offset b without.
  private mutating func parseLimitBy(
    _ limit: Limit, hasComma: Bool
  ) throws(QueryError) -> LimitBy {
    guard var count = limit.count, !limit.isPercent, !limit.withTies else {
      throw QueryError("LIMIT BY takes a plain number of rows.", at: limit.span)
    }
    var offset = limit.offset
    if hasComma, let second = offset { (count, offset) = (second, count) }
    let keys = try parseClauseList()
    return LimitBy(count: count, offset: offset, keys: keys, span: span(from: limit.span))
  }

  private mutating func parseOffsetFirst(from start: Span) throws(QueryError) -> Limit {
    var limit = Limit(span: start)
    limit.offset = try parseConditional()
    if take(.limit) != nil { limit.count = try parseConditional() }
    limit.span = span(from: start)
    return limit
  }

  private mutating func parseLimit(
    from start: Span
  ) throws(QueryError) -> (limit: Limit, hasComma: Bool) {
    var limit = Limit(count: try parseConditional(), span: start)
    limit.isPercent = take(.percent) != nil
    let hasComma = take(.comma) != nil
    if hasComma { limit.offset = try parseConditional() }
    if isAt(.with), peek().keyword == .ties {
      index += 2
      limit.withTies = true
    }
    if !hasComma, take(.offset) != nil { limit.offset = try parseConditional() }
    limit.span = span(from: start)
    return (limit, hasComma)
  }
}
