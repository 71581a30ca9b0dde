import ConnectorKit
import FoundationEssentials
import HTTP

/// The forms of the sources that a manifest describes: those of this program, and a user's own.
enum RESTForm {
  /// The kind of a manifest of this program.
  static func kind(of manifest: RESTManifest) -> ConnectorKind {
    ConnectorKind(
      name: manifest.name, title: manifest.title,
      fields: (manifest.fields ?? []).map { field in
        ConnectorKind.Field(
          field.name, field.help, isSecret: field.isSecret ?? false, isRequired: field.isRequired ?? false, fallback: field.fallback)
      },
      normalize: { $0.mapValues(trimmed) },
      connect: { try connector(manifest, $0) })
  }

  /// Any API, by a manifest of the user's.
  static let own = ConnectorKind(
    name: "rest", title: "Any HTTP API, by a manifest",
    fields: [
      .init("manifest", "a JSON file that describes the API; see docs/manifests.md", isRequired: true),
      .init("base_url", "for {{config.base_url}} in the manifest"),
      .init("account", "for {{config.account}}"),
      .init("user", "for {{config.user}}"),
      .init("key", "for {{config.key}}", isSecret: true),
      .init("token", "for {{config.token}}", isSecret: true),
      .init("password", "for {{config.password}}", isSecret: true),
    ],
    normalize: { given in
      var fields = given.mapValues(trimmed)
      if let place = fields["manifest"], !place.hasPrefix("{") { fields["manifest"] = try read(place) }
      if let text = fields["manifest"] { _ = try manifest(text) }
      return fields
    },
    connect: { try connector(try manifest($0.fields["manifest"] ?? ""), $0) })

  private static func connector(_ manifest: RESTManifest, _ settings: ConnectorSettings) throws -> any Connector {
    var options = HTTPOptions()
    if let allowed = settings.allowedHosts {
      do { options.allowedHosts = try AllowedHosts(allowed) } catch {
        throw ConnectorError(.unusable, "HEDGEROW_ALLOW_HOSTS: \(error.message)", hint: error.hint)
      }
    }
    let client = HTTPClient(options)
    return RESTConnector(manifest, fields: settings.fields, secrets: settings.secrets, http: client, onClose: { client.close() })
  }

  /// Blanks around a value come from pasting.
  private static func trimmed(_ text: String) -> String {
    let inner = text.drop { $0.isWhitespace }
    return String(inner.reversed().drop { $0.isWhitespace }.reversed())
  }

  // MARK: Manifests

  private static func read(_ path: String) throws -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)), let text = String(validating: data, as: UTF8.self) else {
      throw ConnectorError(.unusable, "the manifest \(path) cannot be read", hint: "Check that the file is there and that you may read it.")
    }
    return text
  }

  static func manifest(_ text: String) throws -> RESTManifest {
    let manifest: RESTManifest
    do { manifest = try JSONDecoder().decode(RESTManifest.self, from: Data(text.utf8)) } catch let error as DecodingError {
      throw ConnectorError(.unusable, "the manifest is not right: \(explain(error))", hint: "docs/manifests.md describes its form, with an example.")
    }
    let known = own.fields.filter { $0.name != "manifest" }.map(\.name)
    if let wrong = manifest.mistakes(fields: known).first {
      throw ConnectorError(.unusable, "the manifest is not right: \(wrong)", hint: "docs/manifests.md describes its form, with an example.")
    }
    return manifest
  }

  private static func explain(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
      return path.isEmpty ? "at its top" : "at \(path)"
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(key.stringValue) is missing \(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): return "\(context.debugDescription) \(place(context))"
    @unknown default: return "it is not of the form that is expected"
    }
  }
}
