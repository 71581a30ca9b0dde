/// How a stream's table stays right, in words for people.
enum RESTDescription {
  static func freshness(_ stream: RESTStream, _ manifest: RESTManifest) -> String {
    guard stream.parent == nil, let cursor = stream.cursor else {
      return "Each sync reads everything, so changes and deletions are seen by a full refresh."
    }
    if let events = stream.events {
      let deleted = events.goneTypes.isEmpty ? "\(manifest.title) tells no deletions of them" : "deleted ones are told by the same events"
      return "merge: new ones by \(cursor.field), changed ones by the events of \(manifest.title), which it keeps for \(events.keptDays) days (after a longer pause everything is read anew); \(deleted). append: new ones only."
    }
    if cursor.tellsChanges == true {
      return "merge: new and changed ones by \(cursor.field), which moves with each change; deletions by comparing ids (deletes=hard or soft). append: each version that a sync sees."
    }
    let lookback = (cursor.lookback ?? 0) / 86_400
    return "merge and append: new ones by \(cursor.field)\(lookback > 0 ? ", and merge reads the last \(lookback) days again for what changed" : "; later changes are not seen")."
  }
}
