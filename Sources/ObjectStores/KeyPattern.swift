/// A pattern for keys: what to list, and which of the keys found are meant.
///
/// `*` and `?` stand for any characters and for one, but no `/`; `**` for any, `/` too (`a/**/b` also means `a/b`);
/// `[0-9]`, `[!abc]` for one of a set; `{a,b}` and `{1..12}` (with `{01..12}` keeping its zeros) for each of a list;
/// `\` takes the next character as it is. As with Hive and Spark, a wildcard stands for no name that begins with `.`
/// or `_` (`_SUCCESS`, `_temporary/`), unless it is a partition (`_day=1`): write the character to mean it.
public struct KeyPattern: Sendable, Hashable {
  /// What to list to see every key that may be meant: sorted, none of them the beginning of another.
  public let prefixes: [String]
  /// Whether it names one key exactly.
  public let isLiteral: Bool
  private let alternatives: [GlobMatcher]

  /// - Throws: `ObjectStoreError` of kind `.badLocation` for an open bracket or too many alternatives.
  public init(_ text: String) throws(ObjectStoreError) {
    let tokens = try GlobParser.alternatives(of: text)
    alternatives = tokens.map(GlobMatcher.init)
    isLiteral = tokens.count == 1 && tokens[0].allSatisfy(\.isLiteral)
    prefixes = Self.reduced(alternatives.map(\.literalPrefix))
  }

  public func matches(_ key: String) -> Bool {
    let characters = Array(key.unicodeScalars)
    return alternatives.contains { $0.matches(characters) }
  }

  /// Without those that another covers; one in the place of many.
  private static func reduced(_ all: [String]) -> [String] {
    var kept: [String] = []
    for prefix in Set(all).sorted(by: { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    where !(kept.last.map { prefix.utf8.starts(with: $0.utf8) } ?? false) {
      kept.append(prefix)
    }
    return kept.count <= 32 ? kept : [common(kept)]
  }

  private static func common(_ all: [String]) -> String {
    all.dropFirst().reduce(all[0]) { common, next in
      String(String.UnicodeScalarView(zip(common.unicodeScalars, next.unicodeScalars).prefix { $0 == $1 }.map(\.0)))
    }
  }
}

/// One piece of a pattern without braces.
enum GlobToken: Sendable, Hashable {
  case character(Unicode.Scalar)
  /// `?`
  case one
  /// `*`
  case run
  /// `**`
  case deep
  /// `**/`: any folders, or none.
  case folders
  case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)

  var isLiteral: Bool { if case .character = self { true } else { false } }
}
