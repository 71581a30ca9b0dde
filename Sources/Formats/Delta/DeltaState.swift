import JSON
import Rows

/// A table as its log leaves it, version by version.
///
/// Format: the Delta protocol, "Action Reconciliation".
struct DeltaState: Sendable {
  var tableProtocol: DeltaProtocol?
  var metadata: DeltaMetadata?
  /// The live files, by their ids.
  var files: [[UInt8]: DeltaFile] = [:]
  /// Files of a checkpoint that are still to be read.
  var sidecars: [String] = []

  mutating func apply(_ action: DeltaAction) {
    switch action {
    case .needs(let value): tableProtocol = value
    case .metadata(let value): metadata = value
    case .add(let file): files[file.id] = file
    case .remove(let id, _, _): files[id] = nil
    case .sidecar(let path): sidecars.append(path)
    case .other: break
    }
  }

  /// The actions of one version, in any order: what it removes was there before, what it adds stays.
  mutating func apply(commit actions: [DeltaAction]) {
    for action in actions { if case .remove = action { apply(action) } }
    for action in actions {
      if case .remove = action { continue }
      apply(action)
    }
  }
}

/// Reads the files of a table's log.
struct DeltaLogReader: Sendable {
  let files: any TableFiles
  let location: TableLocation

  /// The table at a version.
  func state(at version: Int64, _ listing: DeltaLogListing) async throws -> DeltaState {
    var state = DeltaState()
    let (checkpoint, commits) = try listing.plan(for: version)
    for path in checkpoint?.paths ?? [] { try await apply(checkpoint: path, to: &state) }
    let sidecars = state.sidecars
    for path in sidecars { try await apply(checkpoint: path, to: &state) }
    for path in commits { state.apply(commit: try await actions(path)) }
    // What is needed is judged before anything else, so that a table of the future is refused by the name of its feature.
    guard let needed = state.tableProtocol else { throw FormatError(.corrupt, "the Delta log names no protocol") }
    try needed.check()
    guard state.metadata != nil else { throw FormatError(.corrupt, "the Delta log has no metadata of the table") }
    state.metadata?.settle(needed)
    return state
  }

  /// The actions of a file with one on each line.
  func actions(_ path: String) async throws -> [DeltaAction] {
    guard let bytes = try await files.contents(path) else {
      throw FormatError(.corrupt, "\(path) vanished while the log was read", hint: "Sync again.")
    }
    var actions: [DeltaAction] = []
    var refused: FormatError?
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      let json = try Self.json(Array(line), path, index + 1)
      do throws(FormatError) {
        actions.append(try DeltaAction(json, location))
      } catch {
        // A line of a kind that a later feature brings must not hide the feature's name.
        if case .object(let members) = json, members.contains(where: { $0.key == "protocol" }) { throw error }
        if refused == nil { refused = Self.placed(error, path, "line \(index + 1)") }
      }
    }
    if let refused {
      for action in actions { if case .needs(let needed) = action { try needed.check() } }
      throw refused
    }
    return actions
  }

  private static func json(_ line: [UInt8], _ path: String, _ number: Int) throws(FormatError) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: line)
    } catch {
      throw FormatError(
        .corrupt, "\(path), line \(number), is no JSON: \(error.reason)",
        hint: "Was the log still being copied? Sync again; if it stays, the table is damaged.",
        offset: Int64(error.offset))
    }
  }

  private static func placed(_ error: FormatError, _ path: String, _ place: String) -> FormatError {
    FormatError(error.kind, "\(path), \(place): \(error.message)", hint: error.hint)
  }

  private func apply(checkpoint path: String, to state: inout DeltaState) async throws {
    if path.hasSuffix(".json") {
      for action in try await actions(path) { state.apply(action) }
      return
    }
    let ranges = try await files.data(path, namedBy: "the log")
    let names = ["protocol", "metaData", "add", "sidecar"]
    let rows: any FileRows
    do {
      let file = try await ParquetFile.open(ranges)
      rows = try file.rows(names.map { WantedColumn(.field($0), type: .jsonb) })
    } catch let error as FormatError {
      throw Self.placed(error, path, "a checkpoint of the log")
    }
    var reader = BinaryRows()
    while let next = try await rows.next() {
      guard let ranges = reader.rows(in: next.batch.bytes), next.rejects.isEmpty else {
        throw FormatError(.corrupt, "\(path) has rows that cannot be read")
      }
      for range in ranges { try apply(next.batch.bytes[range], names, path, &state) }
    }
  }

  /// A row of a checkpoint, in which one column is not null.
  private func apply(_ row: ArraySlice<UInt8>, _ names: [String], _ path: String, _ state: inout DeltaState)
    throws(FormatError)
  {
    for (name, field) in zip(names, TransformedRows.fields(row)) where field.count > 5 {
      let json = try Self.json(Array(row[field].dropFirst(5)), path, 1)
      do throws(FormatError) {
        state.apply(try DeltaAction(.object([(key: name, value: json)]), location))
      } catch {
        throw Self.placed(error, path, "a checkpoint of the log")
      }
    }
  }
}
