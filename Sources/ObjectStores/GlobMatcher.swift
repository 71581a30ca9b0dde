/// Matches keys against one pattern without braces, in time of at most pattern times key.
struct GlobMatcher: Sendable, Hashable {
  let tokens: [GlobToken]

  /// The characters that every matching key begins with.
  var literalPrefix: String {
    var prefix = String.UnicodeScalarView()
    for case .character(let character) in tokens.prefix(while: \.isLiteral) { prefix.append(character) }
    return String(prefix)
  }

  /// Keeps the set of the key's positions that each further token can begin at.
  func matches(_ key: [Unicode.Scalar]) -> Bool {
    var starts = [Bool](repeating: false, count: key.count + 1)
    starts[0] = true
    let hidden = Self.hidden(key)
    for token in tokens {
      starts = step(token, key, starts, hidden)
      if !starts.contains(true) { return false }
    }
    return starts[key.count]
  }

  private func step(_ token: GlobToken, _ key: [Unicode.Scalar], _ starts: [Bool], _ hidden: [Bool]) -> [Bool] {
    var ends = [Bool](repeating: false, count: starts.count)
    for position in starts.indices where starts[position] {
      switch token {
      case .character(let character):
        if position < key.count, key[position] == character { ends[position + 1] = true }
      case .one:
        if position < key.count, key[position] != "/", !hidden[position] { ends[position + 1] = true }
      case .set(let ranges, let isNegated):
        if position < key.count, key[position] != "/", !hidden[position],
          ranges.contains(where: { $0.contains(key[position]) }) != isNegated
        {
          ends[position + 1] = true
        }
      case .run: extend(&ends, from: position, key, hidden) { key[$0] != "/" }
      case .deep: extend(&ends, from: position, key, hidden) { _ in true }
      case .folders:
        ends[position] = true
        var end = position
        while end < key.count, !hidden[end] {
          if key[end] == "/" { ends[end + 1] = true }
          end += 1
        }
      }
    }
    return ends
  }

  /// Marks every end from a position on, for as long as characters may be taken; what is marked was done before.
  private func extend(
    _ ends: inout [Bool], from position: Int, _ key: [Unicode.Scalar], _ hidden: [Bool], _ takes: (Int) -> Bool
  ) {
    var end = position
    while !ends[end] {
      ends[end] = true
      guard end < key.count, !hidden[end], takes(end) else { return }
      end += 1
    }
  }

  /// The first character of each name that no wildcard stands for.
  private static func hidden(_ key: [Unicode.Scalar]) -> [Bool] {
    var hidden = [Bool](repeating: false, count: key.count)
    var start = 0
    while start < key.count {
      let end = key[start...].firstIndex(of: "/") ?? key.count
      if start < end {
        hidden[start] = key[start] == "." || key[start] == "_" && !key[start..<end].contains("=")
      }
      start = end + 1
    }
    return hidden
  }
}
