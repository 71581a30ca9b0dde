/// Why a text is no XML that is read here.
struct XMLError: Error, Equatable {
  var found: String
  /// In bytes from the start.
  var at: Int
}

/// An element with what is in it: for the small documents that object stores send.
struct XMLElement: Equatable {
  var name: String
  var attributes: [String: String] = [:]
  var text = ""
  var children: [XMLElement] = []

  init(name: String, attributes: [String: String] = [:]) {
    self.name = name
    self.attributes = attributes
  }

  /// A whole document's root.
  init(_ bytes: [UInt8]) throws(XMLError) {
    var reader = XMLReader(bytes)
    var stack = [XMLElement(name: "")]
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes): stack.append(XMLElement(name: name, attributes: attributes))
      case .text(let text): stack[stack.count - 1].text += text
      case .end:
        let done = stack.removeLast()
        stack[stack.count - 1].children.append(done)
      }
    }
    guard let root = stack[0].children.first, stack[0].children.count == 1 else {
      throw XMLError(found: "no root element, or several", at: bytes.count)
    }
    self = root
  }

  /// The first child of that name.
  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  func text(_ name: String) -> String? { first(name)?.text }
}
