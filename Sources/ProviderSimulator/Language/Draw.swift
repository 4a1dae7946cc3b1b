internal import EdisonCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Random numbers that depend on what they are for and on nothing else, neither order nor time: the same request gets
/// the same answer for ever.
struct Draw: Sendable {
    private let seed: UInt64

    init(_ seed: UInt64, _ parts: String...) { self.seed = DerivedSeed(seed, parts).value }

    /// In 0 ..< 1.
    func uniform(_ use: String...) -> Double {
        Double(DerivedSeed(seed, use).value >> 11) * 0x1p-53
    }

    /// Standard normal, by the Box-Muller transform.
    func normal(_ use: String) -> Double {
        let radius = (-2 * log(max(uniform(use, "radius"), 0x1p-53))).squareRoot()
        return radius * cos(2 * Double.pi * uniform(use, "angle"))
    }

    /// Standard Gumbel: adding it to log weights and taking the largest draws in proportion to the weights.
    func gumbel(_ use: String) -> Double { -log(-log(min(max(uniform(use), 0x1p-53), 1 - 0x1p-53))) }

    /// In 0 ..< count.
    func index(_ count: Int, _ use: String) -> Int { min(count - 1, Int(uniform(use) * Double(count))) }

    func pick<Element>(_ elements: [Element], _ use: String) -> Element? {
        elements.isEmpty ? nil : elements[index(elements.count, use)]
    }

    func shuffled<Element>(_ elements: [Element], _ use: String) -> [Element] {
        elements.enumerated()
            .map { (key: uniform(use, String($0.offset)), element: $0.element) }
            .sorted { $0.key < $1.key }
            .map(\.element)
    }
}
