import ArgumentParser
import Glibc
import HogQL
import JSON
import LocalPostgres
import Terminal

/// What `query` and `translate` have in common: the text, the values it is given, and what it may take.
struct QueryOptions: ParsableArguments {
  @Argument(help: "The query in HogQL. Standard input where it is missing or -.") var hogql: String?
  @Option(help: ArgumentHelp("Read the query from this file.", valueName: "path")) var file: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "The value of a placeholder, such as status=paid for {status}. Numbers, true, false, null, lists and texts in quotes are read as JSON; everything else is text.",
      valueName: "name=value"))
  var values: [String] = []
  @Option(help: ArgumentHelp("The most rows: for a query without LIMIT, and for one with a larger one. [100 and 50000]", valueName: "n"))
  var limit: Int64?
  @Option(help: ArgumentHelp("Seconds that the query may take; 0 for no end.", valueName: "s")) var timeout = 60
  @Option(help: ArgumentHelp("Memory for each sort and hash table.", valueName: "size")) var memory = "64MB"
  @Option(help: ArgumentHelp("The zone in which hours, days and weeks are told apart. [the project's]", valueName: "zone")) var timezone: String?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit) is not a positive number.") }
    if timeout < 0 || timeout > 2_000_000 { throw ValidationError("--timeout \(timeout) is not a number of seconds.") }
    if file != nil, hogql != nil { throw ValidationError("The query is given twice: as an argument and with --file.") }
  }

  func text() throws -> String {
    if let file {
      guard let text = Disk.read(file) else { throw Complaint("\(file) cannot be read", hint: "Give the path of a text file.") }
      return text
    }
    if let hogql, hogql != "-" { return hogql }
    if hogql == nil, isatty(STDIN_FILENO) == 1 {
      throw Complaint("there is no query", hint: "Give it as an argument, like: hedgerow query \"select 1\"")
    }
    var text = ""
    while let line = readLine(strippingNewline: false) { text += line }
    return text
  }

  /// The placeholders' values; `variables.since` becomes a member of `variables`.
  func placeholders() throws -> [String: PlaceholderValue] {
    var object = PlaceholderValue.object([:])
    for (name, value) in try Assignments(values).values {
      object.put(Self.value(value), at: name.split(separator: ".").map(String.init)[...])
    }
    guard case .object(let members) = object else { return [:] }
    return members
  }

  private static func value(_ text: String) -> PlaceholderValue {
    guard let json = try? JSONValue(parsing: text), let value = PlaceholderValue(json) else { return .string(text) }
    return value
  }
}

extension PlaceholderValue {
  init?(_ json: JSONValue) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let text):
      guard let value = Double(text), value.isFinite else { return nil }
      self = .float(value)
    case .string(let text): self = .string(text)
    case .array(let elements):
      var values: [PlaceholderValue] = []
      for element in elements {
        guard let value = PlaceholderValue(element) else { return nil }
        values.append(value)
      }
      self = .list(values)
    case .object(let members):
      var values: [String: PlaceholderValue] = [:]
      for (key, member) in members {
        guard let value = PlaceholderValue(member) else { return nil }
        values[key] = value
      }
      self = .object(values)
    }
  }

  fileprivate mutating func put(_ value: PlaceholderValue, at path: ArraySlice<String>) {
    guard let name = path.first else {
      self = value
      return
    }
    var members: [String: PlaceholderValue] = [:]
    if case .object(let known) = self { members = known }
    var member = members[name] ?? .object([:])
    member.put(value, at: path.dropFirst())
    members[name] = member
    self = .object(members)
  }
}
