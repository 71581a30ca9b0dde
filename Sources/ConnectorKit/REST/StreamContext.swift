import FoundationEssentials
import JSON
import Rows

/// What reading one stream takes: how to ask, and how its records become rows.
struct StreamContext: Sendable {
  var stream: RESTStream
  let client: RESTClient
  /// As the user names it: `acme.charge`.
  let label: String
  var encoder: RecordEncoder
  let notes: NoteBook
  /// Seconds since 1970.
  var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

  /// A page of rows.
  struct Fetched: Sendable {
    var batch: Batch
    var next: PagePlace?
    var outcome: RecordEncoder.Outcome
  }

  var walk: PageWalk { PageWalk(stream, label: label) }

  /// The parameters that keep a list to a range of its cursor.
  func bounds(from: Int64?, before: Int64?) -> [RESTParameter] {
    guard let cursor = stream.cursor else { return [] }
    let lower = from.flatMap { from in cursor.from.map { RESTParameter($0, Template(text: Moment.text(from, cursor.format))) } }
    let upper = before.flatMap { before in cursor.before.map { RESTParameter($0, Template(text: Moment.text(before, cursor.format))) } }
    return [lower, upper].compactMap { $0 }
  }

  /// Whether the next page is asked for by the last cursor in place of its number or token: where the list is oldest first
  /// and can be asked so. Records that change while it is read move to its end, and those behind them up a place, which
  /// a page's number would skip. A page whose records share one cursor goes on by its place.
  func goesOnByCursor(_ fetched: Fetched, from: Int64?) -> Bool {
    guard stream.order == .oldestFirst, stream.cursor?.from != nil, let high = fetched.outcome.high else { return false }
    return from.map { high > $0 } ?? true
  }

  /// One page of the list. Where the place is not known any more, as its record was deleted, the list is read on from
  /// the last record's cursor, or from its start.
  func fetch(
    _ walk: PageWalk, at place: PagePlace?, from: Int64?, before: Int64?, names: @escaping @Sendable (String) -> String? = { _ in nil },
    constants: [String: String] = [:]
  ) async throws -> Fetched {
    do {
      let page = try await walk.page(client, at: place, bounds: bounds(from: from, before: before), names: names)
      return try await rows(page, constants: constants)
    } catch let error as StalePlace {
      guard let place else { throw error.error }
      // A second later, so that records which share the last one's second are read too.
      let bound = place.at.map { $0 + 1_000_000 }
      let page = try await walk.page(client, at: nil, bounds: bounds(from: from, before: bound ?? before), names: names)
      return try await rows(page, constants: constants)
    }
  }

  func rows(_ page: PageWalk.Page, constants: [String: String] = [:]) async throws -> Fetched {
    let replaced = try await CutLists(context: self).complete(page.records, of: page.tape)
    var fetched = try encode(page.records, of: page.tape, replaced, constants)
    fetched.next = page.next
    fetched.next?.at = fetched.outcome.last
    return fetched
  }

  /// - Parameter replaced: fields to take in place of a record's, by the record's place in `records`.
  func encode(_ records: [Int], of tape: JSONTape, _ replaced: [Int: [String: [UInt8]]] = [:], _ constants: [String: String] = [:]) throws -> Fetched {
    var outcome = RecordEncoder.Outcome()
    var rows = RowEncoder(columns: encoder.width, capacity: tape.bytes.count)
    for (index, record) in records.enumerated() {
      guard tape.kind(record) == .object else {
        throw ConnectorError(.malformed, "\(label): a record is no JSON object", hint: "The API may have changed; nothing was lost.")
      }
      encoder.write(record, of: tape, into: &rows, &outcome, replaced: replaced[index] ?? [:], constants: constants)
    }
    notes.add(outcome)
    return Fetched(batch: rows.takeBatch(isLast: true), next: nil, outcome: outcome)
  }

  /// The keys of records that are gone.
  func gone(_ records: [Int], of tape: JSONTape) -> Batch {
    var rows = RowEncoder(columns: stream.key.count)
    for record in records { encoder.writeKey(record, of: tape, key: stream.key, into: &rows) }
    var batch = rows.takeBatch(isLast: true)
    batch.content = .goneKeys
    return batch
  }
}

extension Template {
  /// A text without expressions.
  init(text: String) {
    source = text
    parts = text.isEmpty ? [] : [.text(text)]
  }
}

/// Gathers what is worth telling about the records of one read.
final class NoteBook: Sendable {
  private let seen = Guarded<(unknown: Set<String>, misfits: Set<String>, sentences: [String])>(([], [], []))

  func add(_ outcome: RecordEncoder.Outcome) {
    guard !outcome.unknown.isEmpty || !outcome.misfits.isEmpty else { return }
    seen.with {
      $0.unknown.formUnion(outcome.unknown)
      $0.misfits.formUnion(outcome.misfits)
    }
  }

  func add(_ sentence: String) {
    seen.with { if !$0.sentences.contains(sentence) { $0.sentences.append(sentence) } }
  }

  var sentences: [String] {
    seen.with { seen in
      var all = seen.sentences
      if !seen.unknown.isEmpty { all.append("fields without a column are kept in _hedgerow_extra: \(Self.list(seen.unknown))") }
      if !seen.misfits.isEmpty { all.append("values that do not fit their column's type are kept in _hedgerow_extra, and NULL in: \(Self.list(seen.misfits))") }
      return all
    }
  }

  private static func list(_ names: Set<String>) -> String {
    let sorted = names.sorted()
    return sorted.prefix(20).joined(separator: ", ") + (sorted.count > 20 ? " and \(sorted.count - 20) more" : "")
  }
}
