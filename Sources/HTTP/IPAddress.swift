import CLibcurl
import Glibc

/// An IPv4 or IPv6 address.
struct IPAddress: Sendable, Hashable {
  /// Four bytes or sixteen, in the network's order.
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// - Returns: nil for a text that is no address; brackets around IPv6 are accepted.
  init?(_ text: String) {
    var bare = Substring(text)
    if bare.hasPrefix("["), bare.hasSuffix("]") { bare = bare.dropFirst().dropLast() }
    var buffer = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, String(bare), &buffer) == 1 {
      bytes = Array(buffer[..<4])
    } else if inet_pton(AF_INET6, String(bare), &buffer) == 1 {
      bytes = buffer
    } else {
      return nil
    }
  }

  /// - Returns: nil for a socket that is no internet's.
  init?(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
        withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
      }
    case AF_INET6:
      bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
        withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
      }
    default: return nil
    }
  }

  /// Whether the first bits are the same as another's.
  func matches(_ other: [UInt8], bits: Int) -> Bool {
    guard bytes.count == other.count else { return false }
    let whole = bits / 8
    guard bytes[..<whole] == other[..<whole] else { return false }
    guard bits % 8 > 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xff << (8 - bits % 8))
    return bytes[whole] & mask == other[whole] & mask
  }
}

extension IPAddress: CustomStringConvertible {
  var description: String {
    var text = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A network: an address and the number of bits that count.
struct IPNetwork: Sendable, Hashable {
  let address: IPAddress
  let bits: Int

  /// Such as `10.0.0.0/8` or `fd00::/8`; a plain address is a network of one.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    let most = address.bytes.count * 8
    guard parts.count == 2 else {
      self.address = address
      bits = most
      return
    }
    guard let bits = Int(parts[1]), (0...most).contains(bits) else { return nil }
    self.address = address
    self.bits = bits
  }

  func contains(_ other: IPAddress) -> Bool { other.matches(address.bytes, bits: bits) }
}
