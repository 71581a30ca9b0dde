/// What the user wrote as `key=value`, in order.
struct Assignments {
  var values: [(key: String, value: String)] = []

  /// - Throws: `Complaint` for a word without `=`, or a key that occurs twice.
  init(_ words: [String]) throws {
    for word in words {
      guard let sign = word.firstIndex(of: "="), sign != word.startIndex else {
        throw Complaint("\(word) is not of the form key=value", hint: "Write it like mode=merge, without spaces around the =.")
      }
      let key = String(word[..<sign])
      guard !values.contains(where: { $0.key == key }) else { throw Complaint("\(key)= is given twice", hint: "Give it once.") }
      values.append((key, String(word[word.index(after: sign)...])))
    }
  }

  var dictionary: [String: String] { Dictionary(values.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }) }
}

/// A schema as the user names it: `shop` for a whole source, `shop.orders` for one of its schemas.
struct Target {
  var source: String
  var schema: String?

  init(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    source = String(parts[0])
    schema = parts.count > 1 ? String(parts[1]) : nil
  }
}
