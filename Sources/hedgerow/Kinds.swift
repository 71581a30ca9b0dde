import ArgumentParser
import ConnectorKit
import Connectors
import JSON
import Terminal

struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the connectors, and the fields that each needs.",
    discussion: """
      Example:
        hedgerow kinds postgres
      """)

  @Argument(help: "One connector.") var kind: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let kinds = try kind.map { [try Workplace.kind($0)] } ?? Connectors.all.kinds
    let out = TerminalStream.standardOutput
    if json {
      let list = kinds.map { kind in
        JSONValue.object([
          (key: "kind", value: .string(kind.name)), (key: "title", value: .string(kind.title)),
          (key: "fields", value: .array(kind.fields.map { field in
            .object([
              (key: "name", value: .string(field.name)), (key: "help", value: .string(field.help)), (key: "secret", value: .bool(field.isSecret)),
              (key: "required", value: .bool(field.isRequired)), (key: "default", value: field.fallback.map { .string($0) } ?? .null),
            ])
          })),
        ])
      }
      return out.writeLine(JSONValue.array(list).text(.pretty))
    }
    for kind in kinds {
      out.writeLine("\(kind.name): \(kind.title)")
      var table = TextTable([.init("field"), .init("needed"), .init("default"), .init("what it is", isFlexible: true)])
      for field in kind.fields {
        table.add(.init(field.name), .init(field.isRequired ? "yes" : "no"), .init(field.fallback ?? "-"), .init(field.isSecret ? "\(field.help) (secret)" : field.help))
      }
      out.write(table.render(for: out))
    }
  }
}
