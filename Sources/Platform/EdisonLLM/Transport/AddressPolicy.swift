import Foundation

/// Where a transport may connect to: an address that others gave must not lead into the network that the program
/// stands in.
package struct AddressPolicy: Sendable {
    let isRestricted: Bool
    private let lookUp: @Sendable (_ host: String) async -> [NetworkAddress]

    package static let anywhere = AddressPolicy(isRestricted: false, lookUp: addresses)
    /// Nothing of the machine itself, of private networks and of links.
    package static let publicOnly = AddressPolicy(isRestricted: true, lookUp: addresses)

    /// The same with another way to look names up.
    package static func publicOnly(
        by lookUp: @escaping @Sendable (_ host: String) async -> [NetworkAddress]
    ) -> AddressPolicy { AddressPolicy(isRestricted: true, lookUp: lookUp) }

    /// Why the host may not be connected to, in words that complete "the address …"; nil = it may, or nobody knows it.
    ///
    /// A name may lead elsewhere in the next moment, so this is for telling early; what holds is the look at the
    /// connection itself (`allows`).
    package func fault(of host: String) async -> String? {
        guard isRestricted else { return nil }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
        return await lookUp(bare).contains { !$0.isPublic } ? Self.words : nil
    }

    /// Whether a connection that has come about may be used.
    func allows(_ address: NetworkAddress?) -> Bool { !isRestricted || address?.isPublic ?? false }

    /// One sentence for all: which of the own addresses answers is nobody's business.
    static let words = "is in a private network, and this server asks public addresses only"

    static let refusal = ProviderFailure(.badRequest, "the address \(words)", code: "refused")

    /// In every spelling that the system takes for an address: `127.1`, `2130706433` and `0x7f.0.0.1` too.
    @Sendable private static func addresses(of host: String) async -> [NetworkAddress] {
        await withCheckedContinuation { continuation in
            // The system's look-up blocks its thread.
            DispatchQueue.global().async { continuation.resume(returning: resolved(host)) }
        }
    }

    private static func resolved(_ host: String) -> [NetworkAddress] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let address = entry.ai_addr {
                switch entry.ai_family {
                case AF_INET:
                    found.append(
                        address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { four in
                            NetworkAddress(bytes: withUnsafeBytes(of: four.pointee.sin_addr) { Array($0) })
                        })
                case AF_INET6:
                    found.append(
                        address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                            NetworkAddress(bytes: withUnsafeBytes(of: six.pointee.sin6_addr) { Array($0) })
                        })
                default: break
                }
            }
            next = entry.ai_next
        }
        return found
    }
}
