import Glibc
import Synchronization

/// One connection of a `TestHTTPServer`, on its own thread.
final class TestHTTPConnection {
  private let descriptor: Int32
  private let number: Int
  private let server: TestHTTPServer.Shared
  private var buffer: [UInt8] = []

  init(_ descriptor: Int32, _ number: Int, _ server: TestHTTPServer.Shared) {
    self.descriptor = descriptor
    self.number = number
    self.server = server
  }

  /// Answers until either side ends the connection.
  func serve() {
    var isOpen = true
    while isOpen, let request = receive() {
      let request = server.note(request)
      isOpen = send(server.handler(request), to: request)
    }
    server.forget(number)
    close(descriptor)
  }

  // Receiving.

  private func receive() -> TestHTTPRequest? {
    guard let head = receiveHead() else { return nil }
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let first = lines[0].split(separator: " ")
    guard first.count == 3 else { return nil }
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    var request = TestHTTPRequest(
      method: String(first[0]), target: String(first[1]), headers: headers, body: [], connection: number, number: 0)
    guard let count = request.header("Content-Length").map({ Int($0) ?? 0 }) ?? 0 as Int?, fill(count) else { return nil }
    request.body = Array(buffer.prefix(count))
    buffer.removeFirst(count)
    return request
  }

  private func receiveHead() -> String? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let position = buffer.indices.first(where: { buffer[$0...].starts(with: end) }) {
        defer { buffer.removeFirst(position + 4) }
        return String(decoding: buffer[..<position], as: UTF8.self)
      }
      // What does not begin with a method, such as TLS, is answered as real servers do.
      if let first = buffer.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
        _ = write(Array("HTTP/1.1 400 Scripted\r\nContent-Length: 0\r\n\r\n".utf8))
        return nil
      }
      guard fill(buffer.count + 1) else { return nil }
    }
  }

  private func fill(_ count: Int) -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    while buffer.count < count {
      let received = recv(descriptor, &piece, piece.count, 0)
      guard received > 0 else { return false }
      buffer += piece[..<received]
    }
    return true
  }

  // Sending.

  /// - Returns: whether the connection may serve another request.
  private func send(_ answer: TestHTTPAnswer, to request: TestHTTPRequest) -> Bool {
    for fault in answer.faults {
      switch fault {
      case .silenceBeforeHead(let time): sleep(time)
      case .resetBeforeHead: return reset()
      case .raw(let bytes):
        _ = write(bytes)
        return false
      default: break
      }
    }
    guard write(head(answer)) else { return false }
    if request.method == "HEAD" || answer.status == 304 || answer.status == 204 { return !answer.closes }
    guard sendBody(answer) else { return false }
    return !answer.closes && answer.framing != .untilClose
  }

  private func head(_ answer: TestHTTPAnswer) -> [UInt8] {
    var text = "HTTP/1.1 \(answer.status) Scripted\r\n"
    for (name, value) in answer.headers { text += "\(name): \(value)\r\n" }
    let hasLength = answer.headers.contains { $0.name.lowercased() == "content-length" }
    switch answer.framing {
    case .length: if !hasLength { text += "Content-Length: \(answer.length ?? 0)\r\n" }
    case .chunked: text += "Transfer-Encoding: chunked\r\n"
    case .untilClose: text += "Connection: close\r\n"
    }
    return Array((text + "\r\n").utf8)
  }

  private func sendBody(_ answer: TestHTTPAnswer) -> Bool {
    var sent = 0
    while let piece = answer.pieces() {
      var rest = piece[...]
      while !rest.isEmpty {
        var count = rest.count
        for fault in answer.faults {
          switch fault {
          case .trickle(let bytes, _): count = min(count, bytes)
          case .silence(let limit, _), .reset(let limit), .close(let limit):
            if limit > sent { count = min(count, limit - sent) }
          default: break
          }
        }
        guard pass(answer.faults, at: sent), write(frame(rest.prefix(count), answer.framing)) else { return false }
        server.log.withLock { $0.bytesSent += count }
        sent += count
        rest = rest.dropFirst(count)
        for case .trickle(_, let pause) in answer.faults { sleep(pause) }
      }
    }
    guard pass(answer.faults, at: sent) else { return false }
    return answer.framing == .chunked ? write(Array("0\r\n\r\n".utf8)) : true
  }

  /// - Returns: false when the connection ends here.
  private func pass(_ faults: [TestHTTPAnswer.Fault], at sent: Int) -> Bool {
    for fault in faults {
      switch fault {
      case .silence(sent, let time): sleep(time)
      case .reset(sent): return reset()
      case .close(sent): return false
      default: break
      }
    }
    return true
  }

  private func frame(_ bytes: ArraySlice<UInt8>, _ framing: TestHTTPAnswer.Framing) -> [UInt8] {
    guard framing == .chunked else { return Array(bytes) }
    return Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The close that follows is a reset: what the other side has not read is lost to it.
  private func reset() -> Bool {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    return false
  }

  /// In short steps, so that a closed server does not hold its threads.
  private func sleep(_ time: Duration) {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end, !server.log.withLock({ $0.isClosed }) {
      usleep(UInt32(min(20_000, max(100, (end - .now) / .microseconds(1)))))
    }
  }
}
