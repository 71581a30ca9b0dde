import FoundationEssentials

/// Where a stream has got to, as its batches carry it. One of `load` and `since` leads on.
struct RESTCheckpoint: Codable, Sendable, Equatable {
  /// A load that is under way.
  var load: LoadState?
  /// The largest cursor that was read, in microseconds or as a whole number; nil where the list was empty.
  var since: Int64?
  /// A walk through the list from `since` on that is under way.
  var pass: Pass?
  /// Every event before this moment, in Unix seconds, is in the warehouse.
  var events: Int64?
  /// When the list was last walked to its end, in Unix seconds of our clock.
  var listed: Int64?

  struct Pass: Codable, Sendable, Equatable {
    var place: PagePlace?
    var high: Int64?
    /// Where a list that is oldest first is asked from by now.
    var from: Int64?
  }

  struct LoadState: Codable, Sendable, Equatable {
    var windows: [Window]
    var high: Int64?
    /// Names the next window.
    var count: Int
  }

  /// A range of the cursor that one walk loads; nil is without end.
  struct Window: Codable, Sendable, Equatable {
    var id: Int
    var from: Int64?
    var before: Int64?
    var place: PagePlace?
    var pages = 0
  }

  init(load: LoadState? = nil, since: Int64? = nil, pass: Pass? = nil, events: Int64? = nil, listed: Int64? = nil) {
    self.load = load
    self.since = since
    self.pass = pass
    self.events = events
    self.listed = listed
  }

  init(parsing text: String, label: String) throws {
    do { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) } catch {
      throw ConnectorError(.unusable, "\(label): the stored place cannot be read", hint: "Load it from the start with: hedgerow reload \(label)")
    }
  }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
