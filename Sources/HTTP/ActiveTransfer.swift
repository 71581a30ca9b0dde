import CLibcurl
import Glibc

/// A transfer under way, on the thread that drives libcurl: its handle, its callbacks, its clock.
final class ActiveTransfer {
  enum Phase: Equatable {
    case connecting, waiting, receiving
  }

  let transfer: Transfer
  let options: HTTPOptions
  var handle: EasyHandle
  private(set) var phase = Phase.connecting
  /// When the phase began, or the last bytes came.
  private var lastSign = ContinuousClock.now
  /// The first address that was refused, with the error that says so.
  private(set) var refusal: HTTPError?
  private var head = HTTPHead(status: 0)
  private(set) var received = 0
  /// Bytes arrived since the last time they were handed over.
  var hasNews = false

  /// - Returns: nil when there is no memory.
  init?(_ transfer: Transfer, _ options: HTTPOptions) {
    guard let handle = EasyHandle() else { return nil }
    self.transfer = transfer
    self.options = options
    self.handle = handle
    self.handle.prepare(transfer.request, options)
    let context = Unmanaged.passUnretained(self).toOpaque()
    hedgerow_curl_on_data(
      self.handle.raw, { bytes, _, count, context in ActiveTransfer.at(context).line(bytes!, count) },
      { bytes, _, count, context in ActiveTransfer.at(context).bytes(bytes!, count) }, context)
    hedgerow_curl_on_connection(
      self.handle.raw, { context, _, address in ActiveTransfer.at(context).openSocket(address!) },
      { context, _, _, _, _ in ActiveTransfer.at(context).connected() }, context)
  }

  /// The error of a timeout that has passed, or the moment at which the next one will have.
  func check(_ now: ContinuousClock.Instant) -> Result<ContinuousClock.Instant?, HTTPError> {
    let place = transfer.request.address.place
    if let deadline = transfer.request.deadline, deadline <= now {
      return .failure(HTTPError(.deadline, host: place, "The answer of \(place) was not complete within its deadline."))
    }
    var end: ContinuousClock.Instant?
    switch phase {
    case .connecting: break  // libcurl's own timeout
    case .waiting:
      end = lastSign + options.firstByteTimeout
      if end! <= now {
        return .failure(HTTPError(.firstByteTimeout, host: place, "\(place) did not begin to answer in time."))
      }
    case .receiving:
      if transfer.isHeld {
        lastSign = now
        break
      }
      end = lastSign + options.stallTimeout
      if end! <= now {
        return .failure(HTTPError(.stalled, host: place, "The answer of \(place) stopped: no byte came for \(options.stallTimeout)."))
      }
    }
    return .success([end, transfer.request.deadline].compactMap { $0 }.min())
  }

  /// The pause of a slow reader is over.
  func resume() {
    lastSign = .now
    curl_easy_pause(handle.raw, CURLPAUSE_CONT)
  }

  /// What a failure means.
  func error(_ code: CURLcode) -> HTTPError {
    if let refusal, code == CURLE_COULDNT_CONNECT { return refusal }
    return HTTPError(
      TransferFailure(
        code: code, address: transfer.request.address, proxy: transfer.request.proxy, headArrived: phase == .receiving,
        systemError: Int32(truncatingIfNeeded: handle.long(CURLINFO_OS_ERRNO)),
        proxyStatus: handle.long(CURLINFO_HTTP_CONNECTCODE), detail: handle.detail))
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer {
    Unmanaged<ActiveTransfer>.fromOpaque(context!).takeUnretainedValue()
  }

  // What libcurl calls.

  /// A line of the answer's head, or of what may follow its body.
  private func line(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    guard phase != .receiving else { return count }
    let raw = UnsafeRawBufferPointer(start: bytes, count: count)
    var text = Substring(String(decoding: raw, as: UTF8.self))
    while let last = text.unicodeScalars.last, last == "\r" || last == "\n" { text.unicodeScalars.removeLast() }
    if text.hasPrefix("HTTP/"), head.status == 0 || head.status / 100 == 1 {
      head = HTTPHead(status: text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    } else if text.isEmpty {
      guard head.status / 100 != 1 else { return count }
      phase = .receiving
      lastSign = .now
      transfer.arrived(head)
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...]
      head.headers.append((String(text[..<colon]), value.trimmingBlanks))
    }
    return count
  }

  private func bytes(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    guard transfer.arrived(UnsafeRawBufferPointer(start: bytes, count: count)) else {
      return Int(CURL_WRITEFUNC_PAUSE)
    }
    received += count
    hasNews = true
    lastSign = .now
    return count
  }

  /// Judges the address after its name was looked up, for every connection; a proxy's own address is not judged.
  private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let request = transfer.request
    if request.proxy == nil {
      let target = withUnsafePointer(to: &address.pointee.addr) { IPAddress($0) }
      guard let target else { return CURL_SOCKET_BAD }
      if let meaning = AddressRules.objection(to: target),
        !options.allowedHosts.allows(request.address.host, port: request.address.port, at: target)
      {
        refusal = refusal ?? .forbidden(request.address, "\(target)", meaning)
        return CURL_SOCKET_BAD
      }
    }
    return socket(
      address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
  }

  private func connected() -> Int32 {
    phase = .waiting
    lastSign = .now
    return CURL_PREREQFUNC_OK
  }
}

extension Substring {
  var trimmingBlanks: String {
    var text = self
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
