/// The text form of PostgreSQL's one-dimensional arrays of text, for parameters and results of type `text[]`.
public enum ArrayText {
  /// `{"a","b \"c\""}`; NULL elements are written as `NULL`.
  public static func format(_ elements: [String?]) -> String {
    let parts = elements.map { element -> String in
      guard let element else { return "NULL" }
      var quoted = "\""
      for character in element.unicodeScalars {
        if character == "\"" || character == "\\" { quoted += "\\" }
        quoted.unicodeScalars.append(character)
      }
      return quoted + "\""
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// The elements of a one-dimensional array's text. NULL elements are left out, since no `text[]` of the
  /// catalogue may hold one.
  public static func parse(_ text: String) -> [String] {
    var elements: [String] = []
    var current = String.UnicodeScalarView()
    var isQuoted = false
    var wasQuoted = false
    var isEscaped = false
    func isNull() -> Bool { !wasQuoted && String(current) == "NULL" }
    for scalar in text.unicodeScalars.dropFirst().dropLast() {
      if isEscaped {
        current.append(scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "\"" {
        isQuoted.toggle()
        wasQuoted = true
      } else if scalar == "," && !isQuoted {
        if !isNull() { elements.append(String(current)) }
        current = String.UnicodeScalarView()
        wasQuoted = false
      } else {
        current.append(scalar)
      }
    }
    if (wasQuoted || !current.isEmpty) && !isNull() { elements.append(String(current)) }
    return elements
  }
}
