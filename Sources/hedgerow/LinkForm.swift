import ConnectorKit
import Secrets
import Terminal

/// The fields of a source as the user gave them, checked, with secrets apart.
struct LinkForm {
  var fields: [String: String]
  /// As they are stored, encrypted: the value itself, or where to read it.
  var stored: [String: String]
  /// As they are used now.
  var resolved: [String: Secret]

  init(kind: ConnectorKind, typed: [String]) throws {
    let given = try Assignments(typed)
    let known = kind.fields.map(\.name)
    for (key, _) in given.values where !known.contains(key) {
      throw Complaint(
        "\(kind.title) has no field \(key)",
        hint: nearest(key, known).map { "Did you mean \($0)=?" } ?? "Its fields are: \(known.joined(separator: ", ")).")
    }
    // A reference to a whole URL has to be read to be taken apart; what it holds is stored, encrypted where secret.
    var raw = given.dictionary
    if let url = raw["url"] { raw["url"] = try SecretReference(url).resolve() }
    let normal = try kind.normalize(raw)
    let secretNames = Set(kind.fields.filter(\.isSecret).map(\.name))
    stored = normal.filter { secretNames.contains($0.key) }
    fields = try normal.filter { !secretNames.contains($0.key) }.mapValues { try SecretReference($0).resolve() }
    for field in kind.fields where field.isRequired && (fields[field.name] ?? stored[field.name] ?? "").isEmpty {
      throw Complaint("\(field.name)= is missing: \(field.help)", hint: "hedgerow kinds \(kind.name) lists the fields.")
    }
    try Self.ask(kind, &stored, fields)
    resolved = try stored.mapValues { Secret(try SecretReference($0).resolve()) }
  }

  /// A password that was not given may not be needed: it is asked for only where somebody can answer.
  private static func ask(_ kind: ConnectorKind, _ stored: inout [String: String], _ fields: [String: String]) throws {
    for field in kind.fields where field.isSecret && field.isAskedFor && field.name != "url" && stored[field.name] == nil {
      guard TerminalStream.standardError.isTerminal, Prompt.isPossible else { continue }
      let answer = try Prompt.secret("\(field.name) (empty for none): ")
      if !answer.isEmpty { stored[field.name] = answer }
    }
  }
}
