/// Takes a pattern apart: braces into alternatives, each of them into tokens.
enum GlobParser {
  private static let most = 4096

  static func alternatives(of text: String) throws(ObjectStoreError) -> [[GlobToken]] {
    var found: [[GlobToken]] = []
    for alternative in try expand(Array(text.unicodeScalars)) { found.append(try tokens(alternative)) }
    return found
  }

  /// Every text that the braces stand for; escapes stay as they are.
  private static func expand(_ text: [Unicode.Scalar]) throws(ObjectStoreError) -> [[Unicode.Scalar]] {
    guard let open = firstBrace(text) else { return [text] }
    guard let (parts, close) = parts(text, from: open) else {
      throw refusal("has a { without its }", "Write \\{ for the character itself.")
    }
    let head = Array(text[..<open])
    let tails = try expand(Array(text[(close + 1)...]))
    var heads: [[Unicode.Scalar]] = []
    if let numbers = try range(parts) {
      heads = numbers.map { head + $0 }
    } else if parts.count == 1 {
      // Neither a list nor a range: the braces are part of the key.
      let inner = try expand(parts[0])
      heads = inner.map { head + ["\\", "{"] + $0 + ["\\", "}"] }
    } else {
      for part in parts { for inner in try expand(part) { heads.append(head + inner) } }
    }
    guard heads.count * tails.count <= most else { throw refusal("stands for more than \(most) names", "Use * instead.") }
    return heads.flatMap { head in tails.map { head + $0 } }
  }

  private static func firstBrace(_ text: [Unicode.Scalar]) -> Int? {
    var position = 0
    while position < text.count {
      if text[position] == "{" { return position }
      position += text[position] == "\\" ? 2 : 1
    }
    return nil
  }

  /// What stands between the commas, and where the brace ends; nil when it does not.
  private static func parts(_ text: [Unicode.Scalar], from open: Int) -> ([[Unicode.Scalar]], close: Int)? {
    var parts: [[Unicode.Scalar]] = [[]]
    var depth = 0
    var position = open + 1
    while position < text.count {
      let character = text[position]
      if character == "\\", position + 1 < text.count {
        parts[parts.count - 1] += text[position...(position + 1)]
        position += 2
        continue
      }
      if character == "}", depth == 0 { return (parts, position) }
      if character == ",", depth == 0 {
        parts.append([])
      } else {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        parts[parts.count - 1].append(character)
      }
      position += 1
    }
    return nil
  }

  /// `1..12`, up or down, as wide as the wider of both when one begins with a zero.
  private static func range(_ parts: [[Unicode.Scalar]]) throws(ObjectStoreError) -> [[Unicode.Scalar]]? {
    guard parts.count == 1 else { return nil }
    let text = String(String.UnicodeScalarView(parts[0]))
    guard let dots = text.firstRange(of: "..") else { return nil }
    let ends = [text[..<dots.lowerBound], text[dots.upperBound...]]
    guard ends.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } && $0.utf8.count <= 18 }),
      let first = Int(ends[0]), let last = Int(ends[1])
    else { return nil }
    guard abs(first - last) < most else { throw refusal("stands for more than \(most) names", "Use * instead.") }
    let isPadded = ends.contains { $0.utf8.count > 1 && $0.hasPrefix("0") }
    let width = isPadded ? ends.map(\.utf8.count).max()! : 0
    return stride(from: first, through: last, by: first <= last ? 1 : -1).map { number in
      let digits = String(number)
      return Array((String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits).unicodeScalars)
    }
  }

  private static func tokens(_ text: [Unicode.Scalar]) throws(ObjectStoreError) -> [GlobToken] {
    var tokens: [GlobToken] = []
    var position = 0
    while position < text.count {
      let character = text[position]
      position += 1
      switch character {
      case "\\" where position < text.count:
        tokens.append(.character(text[position]))
        position += 1
      case "?": tokens.append(.one)
      case "*":
        let startsName = position == 1 || text[position - 2] == "/"
        guard position < text.count, text[position] == "*" else {
          tokens.append(.run)
          break
        }
        while position < text.count, text[position] == "*" { position += 1 }
        if startsName, position < text.count, text[position] == "/" {
          position += 1
          tokens.append(.folders)
        } else {
          tokens.append(.deep)
        }
      case "[": tokens.append(try set(text, &position))
      default: tokens.append(.character(character))
      }
    }
    return tokens
  }

  /// The set whose `[` was passed.
  private static func set(_ text: [Unicode.Scalar], _ position: inout Int) throws(ObjectStoreError) -> GlobToken {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var isNegated = false
    if position < text.count, ["!", "^"].contains(text[position]) {
      isNegated = true
      position += 1
    }
    let start = position
    while position < text.count, text[position] != "]" || position == start {
      if text[position] == "\\", position + 1 < text.count { position += 1 }
      let first = text[position]
      position += 1
      if position + 1 < text.count, text[position] == "-", text[position + 1] != "]" {
        let last = text[position + 1]
        guard first <= last else { throw refusal("has a range that runs backwards", "Write [0-9], not [9-0].") }
        ranges.append(first...last)
        position += 2
      } else {
        ranges.append(first...first)
      }
    }
    guard position < text.count else { throw refusal("has a [ without its ]", "Write \\[ for the character itself.") }
    position += 1
    return .set(ranges, isNegated: isNegated)
  }

  private static func refusal(_ what: String, _ hint: String) -> ObjectStoreError {
    ObjectStoreError(.badLocation, "The pattern \(what).", hint: hint)
  }
}
