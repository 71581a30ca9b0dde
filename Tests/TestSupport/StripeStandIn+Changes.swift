public import JSON
import Synchronization

extension StripeStandIn {
  static let version = "2024-09-30.acacia"

  /// Puts an object into a list, in the order of creation, and tells it as an event where `event` names its kind.
  public func add(_ resource: String, _ id: String, created: Int, _ members: [(key: String, value: JSONValue)], of parent: String? = nil, event: String? = nil, cursor: String = "created") {
    let object = JSONValue.object([("id", .string(id))] + members + [(cursor, .integer(Int64(created)))])
    state.withLock { state in
      let new = Object(id: id, created: created, json: object.text(), of: parent)
      if state.isFilling { return state.lists[resource, default: []].append(new) }
      let place = state.lists[resource]?.lastIndex { $0.created <= created }.map { $0 + 1 } ?? 0
      state.lists[resource, default: []].insert(new, at: place)
      Self.index(resource, from: place, &state)
      if let event { tell("\(event).created", object, at: created, &state) }
    }
  }

  /// Many at once, which must come oldest first and after what is there.
  public func append(_ resource: String, _ objects: [(id: String, created: Int, json: String)]) {
    state.withLock { state in
      let place = state.lists[resource]?.count ?? 0
      state.lists[resource, default: []] += objects.map { Object(id: $0.id, created: $0.created, json: $0.json) }
      Self.index(resource, from: place, &state)
    }
  }

  /// Adds many objects in any order.
  func fill(_ add: () -> Void) {
    state.withLock { $0.isFilling = true }
    add()
    state.withLock { state in
      state.isFilling = false
      for resource in Array(state.lists.keys) {
        let ordered = (state.lists[resource] ?? []).enumerated().sorted { ($0.element.created, $0.offset) < ($1.element.created, $1.offset) }
        state.lists[resource] = ordered.map(\.element)
        Self.index(resource, from: 0, &state)
      }
    }
  }

  /// Makes a list that may stay empty.
  public func offer(_ resources: String...) {
    state.withLock { state in for resource in resources where state.lists[resource] == nil { state.lists[resource] = [] } }
  }

  public func update(_ resource: String, _ id: String, _ changes: [(key: String, value: JSONValue)], event: String) {
    state.withLock { state in
      guard let place = state.places[resource]?[id], let json = state.lists[resource]?[place].json,
        case .object(var members)? = try? JSONValue(parsing: json)
      else { return }
      for change in changes {
        if let index = members.firstIndex(where: { $0.key == change.key }) { members[index].value = change.value } else { members.append(change) }
      }
      state.lists[resource]?[place].json = JSONValue.object(members).text()
      tell(event, .object(members), at: now(), &state)
    }
  }

  /// - Parameter event: its type; nil where Stripe tells nothing.
  public func remove(_ resource: String, _ id: String, event: String?) {
    state.withLock { state in
      guard let place = state.places[resource]?[id], let object = state.lists[resource]?.remove(at: place) else { return }
      state.places[resource]?[id] = nil
      Self.index(resource, from: place, &state)
      if let event, let value = try? JSONValue(parsing: object.json) { tell(event, value, at: now(), &state) }
    }
  }

  private static func index(_ resource: String, from place: Int, _ state: inout State) {
    guard let list = state.lists[resource] else { return }
    for index in place..<list.count { state.places[resource, default: [:]][list[index].id] = index }
  }

  private func tell(_ type: String, _ object: JSONValue, at moment: Int, _ state: inout State) {
    state.eventCount += 1
    let id = "evt_\(state.eventCount)"
    let event = JSONValue.object([
      ("id", .string(id)), ("object", "event"), ("api_version", .string(Self.version)), ("created", .integer(Int64(moment))),
      ("type", .string(type)), ("data", .object([("object", object)])),
    ])
    let place = state.lists["events"]?.lastIndex { $0.created <= moment }.map { $0 + 1 } ?? 0
    state.lists["events", default: []].insert(Object(id: id, created: moment, json: event.text(), of: type), at: place)
    Self.index("events", from: place, &state)
  }
}
