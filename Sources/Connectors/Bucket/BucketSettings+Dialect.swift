import ConnectorKit
import Formats

extension BucketSettings {
  /// How text files are written: what the user said, and the rest as it was found.
  func dialect(knownTo found: CSVDialect) throws(ConnectorError) -> CSVDialect {
    var result = found
    if format == .tsv { result.delimiter = UInt8(ascii: "\t") }
    if let text = dialect["delimiter"] { result.delimiter = try Self.byte("delimiter", text) }
    if let text = dialect["quote"] { result.quote = text.lowercased() == "none" ? nil : try Self.byte("quote", text) }
    if let text = dialect["comment"] { result.comment = text.lowercased() == "none" ? nil : try Self.byte("comment", text) }
    if let text = dialect["escape"] { result.escape = try Self.oneOf("escape", text) { CSVDialect.Escape(rawValue: $0) } }
    if let text = dialect["encoding"] { result.encoding = try Self.oneOf("encoding", text) { TextEncoding(rawValue: $0) } }
    if let text = dialect["missing_fields"] { result.missingFields = try Self.oneOf("missing_fields", text) { CSVDialect.MissingFields(rawValue: $0) } }
    if let text = dialect["header"] { result.hasHeader = ["on", "true", "yes", "1"].contains(text.lowercased()) }
    if let text = dialect["null"] { result.nullTexts = text.split(separator: ",").map(String.init) }
    return result
  }

  private static func byte(_ name: String, _ text: String) throws(ConnectorError) -> UInt8 {
    let named = ["tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"][text.lowercased()] ?? text
    guard named.utf8.count == 1, let byte = named.utf8.first, byte < 0x80, byte != 0x0A, byte != 0x0D else {
      throw ConnectorError(.unusable, "\(name)=\(text) is not one character of ASCII", hint: "Such as \(name)=; or \(name)=tab.")
    }
    return byte
  }

  private static func oneOf<Choice>(_ name: String, _ text: String, _ make: (String) -> Choice?) throws(ConnectorError) -> Choice {
    guard let choice = make(text.lowercased()) else {
      throw ConnectorError(.unusable, "\(name)=\(text) is not known", hint: "hedgerow kinds s3 lists the fields and what they can be.")
    }
    return choice
  }
}
