import JSON
import Rows

/// Where a walk through a list is, between two pages.
struct PagePlace: Codable, Sendable, Equatable {
  /// What the API gave or needs to go on: a token, an id, a number, an address.
  var token: String
  /// The cursor of the last record, to go on from where the token is no longer known.
  var at: Int64?
}

/// One list, and how it is turned from page to page.
struct PageWalk: Sendable {
  let path: Template
  let parameters: [RESTParameter]
  let records: Path
  let pagination: RESTPagination
  let label: String
  var permission: String?

  init(_ stream: RESTStream, label: String) {
    path = stream.path
    parameters = stream.parameters ?? []
    records = stream.records ?? ""
    pagination = stream.pagination ?? .none
    self.label = label
    permission = stream.permission
  }

  init(path: Template, parameters: [RESTParameter], records: Path, pagination: RESTPagination, label: String, permission: String? = nil) {
    self.path = path
    self.parameters = parameters
    self.records = records
    self.pagination = pagination
    self.label = label
    self.permission = permission
  }

  /// A page as it came.
  struct Page: Sendable {
    var tape: JSONTape
    /// Where the records are in it.
    var records: [Int]
    /// Nil after the last page. Its cursor is for whoever knows the records to fill in.
    var next: PagePlace?
  }

  /// - Parameters:
  ///   - bounds: parameters of the cursor.
  ///   - place: nil for the first page.
  func page(
    _ client: RESTClient, at place: PagePlace?, bounds: [RESTParameter] = [], names: @escaping (String) -> String? = { _ in nil }
  ) async throws -> Page {
    var query = client.query(path, parameters + bounds, label: label, permission: permission, names)
    if let place {
      switch pagination {
      case .none: break
      case .token(let parameter, _, _), .keyset(let parameter, _, _), .offset(let parameter, _), .page(let parameter, _, _):
        query.url = RESTClient.adding([(parameter, place.token)], to: query.url)
      case .linkHeader, .nextURL: query.url = place.token
      }
    } else if case .page(let parameter, let first, _) = pagination {
      query.url = RESTClient.adding([(parameter, String(first))], to: query.url)
    }
    let answer = try await client.get(query)
    if answer.skipped { return Page(tape: answer.tape, records: [], next: nil) }
    return try page(answer, place)
  }

  private func page(_ answer: RESTClient.Answer, _ place: PagePlace?) throws -> Page {
    let tape = answer.tape
    guard let found = tape.value(JSONTape.root, at: records.keys), !(records.keys.isEmpty && tape.kind(found) == .null) else {
      throw ConnectorError(.malformed, "\(label): an answer has no \"\(records.keys.joined(separator: "."))\", where its records should be", hint: "The API may have changed; nothing was lost.")
    }
    let list = tape.kind(found) == .array ? Array(tape.children(found)) : tape.isNull(found) ? [] : [found]
    let next = next(answer, list, place)
    // A list that leads back to where it was would never end.
    if let next, next.token == place?.token {
      throw ConnectorError(.malformed, "\(label): the API gave the same place for the next page again, so its list does not end", hint: "Nothing was lost; it will be read again from the last commit.")
    }
    return Page(tape: tape, records: list, next: next)
  }

  private func next(_ answer: RESTClient.Answer, _ records: [Int], _ place: PagePlace?) -> PagePlace? {
    let tape = answer.tape
    switch pagination {
    case .none: return nil
    case .token(_, let path, let more):
      if let more, text(tape, JSONTape.root, more) == "false" { return nil }
      return text(tape, JSONTape.root, path).flatMap { $0.isEmpty ? nil : PagePlace(token: $0) }
    case .keyset(_, let field, let more):
      guard text(tape, JSONTape.root, more) == "true", let last = records.last else { return nil }
      return text(tape, last, field).map { PagePlace(token: $0) }
    case .offset(_, let size):
      guard records.count >= size else { return nil }
      return PagePlace(token: String((Int(place?.token ?? "0") ?? 0) + records.count))
    case .page(_, let first, let size):
      guard records.count >= size else { return nil }
      return PagePlace(token: String((place.flatMap { Int($0.token) } ?? first) + 1))
    case .linkHeader: return answer.link.map { PagePlace(token: $0) }
    case .nextURL(let path): return text(tape, JSONTape.root, path).flatMap { $0.isEmpty ? nil : PagePlace(token: $0) }
    }
  }

  private func text(_ tape: JSONTape, _ value: Int, _ path: Path) -> String? {
    guard let found = tape.value(value, at: path.keys), !tape.isNull(found) else { return nil }
    return tape.string(found)
  }
}
