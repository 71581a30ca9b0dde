/// A stretch of a query's text, counted in Unicode scalars from 0; the end is not part of it.
public struct Span: Hashable, Sendable {
  public var start: Int
  public var end: Int

  public init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }

  /// The shortest stretch that holds both.
  public func joined(with other: Span) -> Span {
    Span(start: min(start, other.start), end: max(end, other.end))
  }
}

extension Span: CustomStringConvertible {
  public var description: String { "\(start)..<\(end)" }
}
