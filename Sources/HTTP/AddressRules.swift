/// Which addresses belong to the public internet. The rest is somebody's own: a service on this machine, a
/// database next door, a cloud's metadata with its keys. What a user links must not reach it unless it was allowed.
enum AddressRules {
  /// What an address is, as words for a message; nil when it is the public internet's.
  static func objection(to address: IPAddress) -> String? {
    if let found = networks.first(where: { $0.network.contains(address) }) { return found.meaning }
    guard let inner = embedded(in: address), let meaning = objection(to: inner) else { return nil }
    return "\(meaning), written as an IPv6 address"
  }

  /// The IPv4 address that an IPv6 address leads to, in the forms that routers and systems translate.
  private static func embedded(in address: IPAddress) -> IPAddress? {
    guard address.bytes.count == 16 else { return nil }
    let bytes = address.bytes
    for (prefix, range) in translated where prefix.contains(address) { return IPAddress(bytes: Array(bytes[range])) }
    // ISATAP: the lower half is 0000:5efe or 0200:5efe and the address.
    if [0x00, 0x02].contains(bytes[8]), bytes[9...11] == [0x00, 0x5e, 0xfe] {
      return IPAddress(bytes: Array(bytes[12...]))
    }
    return nil
  }

  /// IPv4-mapped, IPv4-compatible, NAT64 and 6to4.
  private static let translated: [(IPNetwork, ClosedRange<Int>)] = [
    (IPNetwork("::ffff:0:0/96")!, 12...15), (IPNetwork("::ffff:0:0:0/96")!, 12...15), (IPNetwork("::/96")!, 12...15),
    (IPNetwork("64:ff9b::/96")!, 12...15), (IPNetwork("2002::/16")!, 2...5),
  ]

  /// The special-purpose registries of IANA, and the addresses at which clouds hand out keys.
  private static let networks: [(network: IPNetwork, meaning: String)] = [
    ("169.254.169.254", "a cloud's metadata address"), ("168.63.129.16", "a cloud's metadata address"),
    ("100.100.100.200", "a cloud's metadata address"), ("192.0.0.192", "a cloud's metadata address"),
    ("fd00:ec2::254", "a cloud's metadata address"), ("fd20:ce::254", "a cloud's metadata address"),
    ("0.0.0.0/8", "an unspecified address"), ("10.0.0.0/8", "a private address"),
    ("100.64.0.0/10", "a provider's inner address"), ("127.0.0.0/8", "a loopback address"),
    ("169.254.0.0/16", "a link-local address"), ("172.16.0.0/12", "a private address"),
    ("192.0.0.0/24", "a reserved address"), ("192.0.2.0/24", "a documentation address"),
    ("192.88.99.0/24", "a reserved address"), ("192.168.0.0/16", "a private address"),
    ("198.18.0.0/15", "a benchmark address"), ("198.51.100.0/24", "a documentation address"),
    ("203.0.113.0/24", "a documentation address"), ("224.0.0.0/4", "a multicast address"),
    ("240.0.0.0/4", "a reserved address"),
    ("::/128", "an unspecified address"), ("::1/128", "a loopback address"),
    ("64:ff9b:1::/48", "a private address"), ("100::/64", "a reserved address"),
    ("2001::/32", "a tunnel's address"), ("2001:db8::/32", "a documentation address"),
    ("3fff::/20", "a documentation address"), ("5f00::/16", "a reserved address"),
    ("fc00::/7", "a private address"), ("fe80::/10", "a link-local address"), ("fec0::/10", "a private address"),
    ("ff00::/8", "a multicast address"),
  ].map { (IPNetwork($0.0)!, $0.1) }
}
