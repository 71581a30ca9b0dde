import Catalogue
import ConnectorKit
import JSON
import Secrets
import Terminal

/// Changes a source: how often it is synced, over how many connections, and where it is.
struct SourceSettings {
  private let given: Assignments
  private let workplace: Workplace

  init(_ given: Assignments, _ workplace: Workplace) {
    self.given = given
    self.workplace = workplace
  }

  /// A new place or password is tried before it is stored.
  ///
  /// - Returns: what follows from the change, in sentences.
  func apply(to name: String) async throws -> [String] {
    let source = try await workplace.catalogue.sources(named: name)[0]
    let kind = try Workplace.kind(source.kind)
    var members: [(key: String, value: JSONValue)] = []
    var fields: [(key: String, value: String)] = []
    for (key, value) in given.values {
      if key == "frequency" || key == "max_connections" { members.append((key, .string(value))) } else { fields.append((key, value)) }
    }
    let known = kind.fields.map(\.name)
    for (key, _) in fields where !known.contains(key) {
      let all = known + ["frequency", "max_connections"]
      throw Complaint("a source has no setting named \(key)", hint: nearest(key, all).map { "Did you mean \($0)=?" } ?? "There are: \(all.joined(separator: ", ")).")
    }
    guard !fields.isEmpty else {
      try await workplace.catalogue.setSource(name, settings: JSONValue.object(members).text(), sealedSecrets: nil)
      return []
    }
    let sealed = try await connection(fields, source, kind, &members)
    try await workplace.catalogue.setSource(name, settings: JSONValue.object(members).text(), sealedSecrets: sealed)
    return ["The connection was tried, and works."]
  }

  private func connection(
    _ changes: [(key: String, value: String)], _ source: Catalogue.Source, _ kind: ConnectorKind, _ members: inout [(key: String, value: JSONValue)]
  ) async throws -> [UInt8]? {
    let box = try workplace.settings.secretBox()
    var changed = Dictionary(changes.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    if let url = changed["url"] { changed["url"] = try SecretReference(url).resolve() }
    changed = try kind.normalize(changed)
    let secretNames = Set(kind.fields.filter(\.isSecret).map(\.name))
    // Another host could be anybody's: it is not sent the password that was meant for the old one.
    let moves = ["host", "base_url", "manifest"].contains { name in changed[name].map { $0 != source.fields[name] } ?? false }
    let isGiven = secretNames.contains { changed[$0] != nil }
    var secrets: [String: String] = [:]
    if !moves, !isGiven, let sealed = source.sealedSecrets {
      secrets = try box.open(sealed, for: source.name).mapValues { $0.withExposed { $0 } }
    }
    if moves, !isGiven, source.sealedSecrets != nil {
      let name = kind.fields.first(where: \.isSecret)?.name ?? "password"
      throw Complaint("a new host needs the \(name) given again", hint: "Add \(name)=env:VARIABLE to the command.")
    }
    var fields = source.fields
    for (key, value) in changed {
      if secretNames.contains(key) { secrets[key] = value } else { fields[key] = value }
    }
    let resolved = try secrets.mapValues { Secret(try SecretReference($0).resolve()) }
    let connector = try kind.connect(
      ConnectorSettings(fields: fields, secrets: resolved, maxConnections: 1, warehouse: try await workplace.warehouseTypes(),
        allowedHosts: workplace.settings.allowedHosts))
    _ = try await connector.check()
    await connector.close()
    members.append(("config", .object(fields.sorted { $0.key < $1.key }.map { (key: $0.key, value: .string($0.value)) })))
    return secrets.isEmpty ? nil : try box.seal(secrets, for: source.name)
  }
}
