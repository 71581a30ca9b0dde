/// The pattern of `COLUMNS('regex')`: literals, `.`, `*`, `+`, `?`, `^`, `$`, character classes and alternatives,
/// matched anywhere in a column's name.
struct ColumnPattern {
  private enum Atom {
    case any
    case character(Character)
    case set(Set<Character>, negated: Bool)
  }
  private struct Piece {
    var atom: Atom
    var least = 1
    var most = 1
  }
  private struct Branch {
    var isAtStart = false
    var isAtEnd = false
    var pieces: [Piece] = []
  }

  private var branches: [Branch] = [Branch()]

  init(_ pattern: String, at span: Span) throws(QueryError) {
    var rest = pattern[...]
    while let character = rest.popFirst() {
      let last = branches.count - 1
      let count = branches[last].pieces.count
      switch character {
      case "|": branches.append(Branch())
      case "^": branches[last].isAtStart = true
      case "$": branches[last].isAtEnd = true
      case ".": branches[last].pieces.append(Piece(atom: .any))
      case "*" where count > 0: (branches[last].pieces[count - 1].least, branches[last].pieces[count - 1].most) = (0, .max)
      case "+" where count > 0: branches[last].pieces[count - 1].most = .max
      case "?" where count > 0: branches[last].pieces[count - 1].least = 0
      case "[": branches[last].pieces.append(Piece(atom: try ColumnPattern.set(&rest, at: span)))
      case "\\":
        guard let escaped = rest.popFirst(), !escaped.isLetter, !escaped.isNumber else { throw Self.unsupported(span) }
        branches[last].pieces.append(Piece(atom: .character(escaped)))
      case "(", ")", "{", "}", "*", "+", "?": throw Self.unsupported(span)
      default: branches[last].pieces.append(Piece(atom: .character(character)))
      }
    }
  }

  private static func unsupported(_ span: Span) -> QueryError {
    QueryError(
      "The pattern of COLUMNS is too complex.", at: span, hint: "Use . * + ? ^ $ | and [..], or list the columns.")
  }

  private static func set(_ rest: inout Substring, at span: Span) throws(QueryError) -> Atom {
    var characters: Set<Character> = []
    let negated = rest.first == "^"
    if negated { rest.removeFirst() }
    while let character = rest.popFirst() {
      if character == "]" { return .set(characters, negated: negated) }
      if rest.first == "-", let end = rest.dropFirst().first, end != "]", let low = character.asciiValue,
        let high = end.asciiValue, low <= high
      {
        for value in low...high { characters.insert(Character(Unicode.Scalar(value))) }
        rest = rest.dropFirst(2)
      } else {
        characters.insert(character)
      }
    }
    throw unsupported(span)
  }

  func matches(_ name: String) -> Bool {
    let text = Array(name)
    return branches.contains { branch in
      let starts = branch.isAtStart ? [0] : Array(0...text.count)
      return starts.contains { start in
        var ends: Set<Int> = [start]
        for piece in branch.pieces { ends = Self.advance(ends, piece, text) }
        return branch.isAtEnd ? ends.contains(text.count) : !ends.isEmpty
      }
    }
  }

  private static func advance(_ starts: Set<Int>, _ piece: Piece, _ text: [Character]) -> Set<Int> {
    var result: Set<Int> = piece.least == 0 ? starts : []
    var current = starts
    var count = 0
    while count < piece.most, !current.isEmpty {
      current = Set(current.filter { $0 < text.count && fits(piece.atom, text[$0]) }.map { $0 + 1 })
      count += 1
      if count >= piece.least { result.formUnion(current) }
    }
    return result
  }

  private static func fits(_ atom: Atom, _ character: Character) -> Bool {
    switch atom {
    case .any: true
    case .character(let wanted): wanted == character
    case .set(let characters, let negated): characters.contains(character) != negated
    }
  }
}
