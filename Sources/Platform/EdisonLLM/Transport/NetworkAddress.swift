import Foundation
import NIOCore

/// An IP address, for the question whether it belongs to the Internet at large or to somebody's own network.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, the first one first.
    private let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// nil for what is no address in its usual spelling.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// nil for a socket of this machine's file system.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let four): bytes = withUnsafeBytes(of: four.address.sin_addr) { Array($0) }
        case .v6(let six): bytes = withUnsafeBytes(of: six.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: return nil
        }
    }

    /// Whether it is one that everybody reaches: not this machine, not a private network, not a link, not a group, and
    /// none of those where clouds answer questions about the machine. Of an IPv6 address that carries an IPv4 one
    /// (mapped, NAT64, 6to4), the inner one counts.
    package var isPublic: Bool {
        if bytes.count == 4 { return !Self.reserved4.contains { $0.contains(bytes) } }
        for (outer, place) in Self.carriers where outer.contains(bytes) {
            return NetworkAddress(bytes: Array(bytes[place..<(place + 4)])).isPublic
        }
        return Self.global6.contains(bytes) && !Self.reserved6.contains { $0.contains(bytes) }
    }

    package var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: 64)
        let isWritten = inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil
        return isWritten ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "?"
    }

    private struct Range: Sendable {
        let prefix: [UInt8]
        let length: Int

        init(_ text: String, _ length: Int) {
            prefix = NetworkAddress(text)?.bytes ?? []
            self.length = length
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            guard bytes.count == prefix.count else { return false }
            return (0..<length).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                return bytes[bit / 8] & mask == prefix[bit / 8] & mask
            }
        }
    }

    /// IANA's registry of special-purpose addresses, groups, and the one where Azure answers machines.
    private static let reserved4 = [
        Range("0.0.0.0", 8), Range("10.0.0.0", 8), Range("100.64.0.0", 10), Range("127.0.0.0", 8),
        Range("169.254.0.0", 16), Range("172.16.0.0", 12), Range("192.0.0.0", 24), Range("192.0.2.0", 24),
        Range("192.88.99.0", 24), Range("192.168.0.0", 16), Range("198.18.0.0", 15), Range("198.51.100.0", 24),
        Range("203.0.113.0", 24), Range("224.0.0.0", 4), Range("240.0.0.0", 4), Range("168.63.129.16", 32),
    ]
    /// Where an IPv4 address stands inside.
    private static let carriers: [(outer: Range, place: Int)] = [
        (Range("::ffff:0:0", 96), 12), (Range("64:ff9b::", 96), 12), (Range("2002::", 16), 2),
    ]
    private static let global6 = Range("2000::", 3)
    private static let reserved6 = [
        Range("2001::", 23), Range("2001:db8::", 32), Range("3fff::", 20),
    ]
}
