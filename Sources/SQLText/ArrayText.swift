/// The text form of PostgreSQL's one-dimensional arrays.
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
  public static func parse(_ text: String) -> [String] { elements(of: text).compactMap { $0 } }

  /// The elements of a one-dimensional array's text, NULL as nil.
  public static func elements(of text: String) -> [String?] {
    // Bounds other than from 1 stand before the braces: `[0:1]={a,b}`.
    guard let open = text.utf8.firstIndex(of: UInt8(ascii: "{")) else { return [] }
    var elements: [String?] = []
    var current: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var isEscaped = false
    func element() -> String? {
      let text = String(decoding: current, as: UTF8.self)
      return !wasQuoted && text == "NULL" ? nil : text
    }
    for byte in text.utf8[text.utf8.index(after: open)...].dropLast() {
      if isEscaped {
        current.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        wasQuoted = true
      } else if byte == UInt8(ascii: ","), !isQuoted {
        elements.append(element())
        current = []
        wasQuoted = false
      } else {
        current.append(byte)
      }
    }
    if wasQuoted || !current.isEmpty { elements.append(element()) }
    return elements
  }
}
