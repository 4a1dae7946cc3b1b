/// An amount in US dollars as whole nano-dollars, so that sums are exact.
///
/// One token of a cheap model costs 15 nano-dollars; binary floating point or four decimals would lose it.
package struct Money: Hashable, Comparable, Sendable {
    package let nanodollars: Int64

    package init(nanodollars: Int64) { self.nanodollars = nanodollars }

    package static let zero = Money(nanodollars: 0)

    /// Rounds half up to the nano-dollar; nil for NaN, infinities and amounts beyond nine billion dollars.
    package init?(dollars: Double) {
        let scaled = (dollars * 1_000_000_000).rounded(.toNearestOrAwayFromZero)
        guard let whole = Int64(exactly: scaled) else { return nil }
        nanodollars = whole
    }

    package static func < (left: Self, right: Self) -> Bool { left.nanodollars < right.nanodollars }
    package static func + (left: Self, right: Self) -> Money {
        Money(nanodollars: left.nanodollars + right.nanodollars)
    }
    package static func - (left: Self, right: Self) -> Money {
        Money(nanodollars: left.nanodollars - right.nanodollars)
    }
    package static func += (left: inout Self, right: Self) { left = left + right }

    package var dollars: Double { Double(nanodollars) / 1_000_000_000 }

    /// Exactly nine decimals, as the result file and the API write money: `0.000015000`.
    package var exactText: String {
        let magnitude = nanodollars.magnitude
        let fraction = String(magnitude % 1_000_000_000)
        let padded = String(repeating: "0", count: 9 - fraction.count) + fraction
        return "\(nanodollars < 0 ? "-" : "")\(magnitude / 1_000_000_000).\(padded)"
    }

    /// For people: at least two decimals, and as many more as show two significant digits: `$1.84`, `$0.0031`.
    package var shortText: String {
        let exact = exactText
        let point = exact.firstIndex(of: ".") ?? exact.endIndex
        let decimals = exact[exact.index(after: point)...]
        let isWhole = exact[..<point].contains { $0 >= "1" && $0 <= "9" }
        let firstDigit = decimals.firstIndex { $0 != "0" } ?? decimals.startIndex
        let significant = isWhole ? 2 : max(2, decimals.distance(from: decimals.startIndex, to: firstDigit) + 2)
        let sign = nanodollars < 0 ? "-" : ""
        let whole = exact[..<point].drop { $0 == "-" }
        let scale = (0..<(9 - min(9, significant))).reduce(Int64(1)) { power, _ in power * 10 }
        let rounded = Money(nanodollars: (abs(nanodollars) + scale / 2) / scale * scale).exactText
        guard scale > 1, let place = rounded.firstIndex(of: ".") else { return "\(sign)$\(whole).\(decimals)" }
        return "\(sign)$\(rounded[...place])\(rounded[rounded.index(after: place)...].prefix(significant))"
    }
}

extension Money {
    /// What a million tokens of one kind cost.
    package struct PerMillionTokens: Hashable, Sendable {
        /// Nano-dollars for a million tokens, that is femto-dollars a token.
        package let nanodollars: Int64

        package init(nanodollars: Int64) { self.nanodollars = nanodollars }

        package init?(dollars: Double) {
            guard let money = Money(dollars: dollars), dollars >= 0 else { return nil }
            nanodollars = money.nanodollars
        }
    }

    /// Sums price × tokens exactly and rounds once, half up, to the nano-dollar.
    package init(summing parts: [(price: PerMillionTokens, tokens: Int)]) {
        var femto = Int128(0)
        for part in parts { femto += Int128(part.price.nanodollars) * Int128(part.tokens) }
        nanodollars = Int64(clamping: (femto + 500_000) / 1_000_000)
    }
}

extension Money {
    /// A JSON number in USD with nine decimals.
    package var json: JSONValue { (try? JSONValue(parsing: exactText)) ?? .null }
}
