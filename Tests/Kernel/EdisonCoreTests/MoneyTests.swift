import EdisonCore
import EdisonTestKit
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "the exact text has nine decimals",
        arguments: [
            (0, "0.000000000"), (1, "0.000000001"), (15_000, "0.000015000"), (-1, "-0.000000001"),
            (1_000_000_000, "1.000000000"),
            (-1_500_000_000, "-1.500000000"), (Int64.max, "9223372036.854775807"), (Int64.min, "-9223372036.854775808"),
        ] as [(Int64, String)])
    func exactText(_ nanodollars: Int64, _ text: String) { #expect(Money(nanodollars: nanodollars).exactText == text) }

    @Test("dollars are rounded half up to the nano-dollar")
    func rounding() {
        #expect(Money(dollars: 0.1)?.nanodollars == 100_000_000)
        #expect(Money(dollars: 0.1 + 0.2)?.nanodollars == 300_000_000)
        #expect(Money(dollars: 1.5e-9)?.nanodollars == 2)
        #expect(Money(dollars: 0.5e-9)?.nanodollars == 1)
        #expect(Money(dollars: 0.49e-9)?.nanodollars == 0)
        #expect(Money(dollars: 2)?.nanodollars == 2_000_000_000)
        #expect(Money(dollars: -2)?.nanodollars == -2_000_000_000)
    }

    @Test("what is no amount is none", arguments: [Double.nan, .infinity, -.infinity, 1e10, -1e10, 9.3e9])
    func noAmount(_ dollars: Double) { #expect(Money(dollars: dollars) == nil) }

    @Test("an amount survives the way through dollars and through text")
    func roundTrip() throws {
        for round in 0..<2_000 {
            var draw = SeededGenerator(round)
            // A double has 53 bits: up to four million dollars every nano-dollar is told apart.
            let money = Money(
                nanodollars: Int64.random(in: -4_000_000_000_000_000...4_000_000_000_000_000, using: &draw))
            let text = money.exactText
            let parts = text.drop { $0 == "-" }.split(separator: ".")
            #expect(parts.count == 2 && parts[1].count == 9)
            let whole = try #require(Int64(parts[0] + parts[1]))
            #expect((text.hasPrefix("-") ? -whole : whole) == money.nanodollars)
            #expect(Money(dollars: money.dollars) == money)
        }
    }

    @Test("sums are exact, in any order")
    func sums() {
        let tenth = Money(nanodollars: 100_000_000)
        #expect(Array(repeating: tenth, count: 10).reduce(.zero, +) == Money(nanodollars: 1_000_000_000))
        var draw = SeededGenerator(1)
        let amounts = (0..<1_000).map { _ in Money(nanodollars: Int64.random(in: -1_000_000...1_000_000, using: &draw))
        }
        let sum = amounts.reduce(.zero, +)
        #expect(amounts.shuffled(using: &draw).reduce(.zero, +) == sum)
        #expect(amounts.reduce(sum, -) == .zero)
        var running = Money.zero
        for amount in amounts { running += amount }
        #expect(running == sum)
        #expect(Money(nanodollars: -1) < .zero)
    }

    private func price(_ dollars: Double) throws -> Money.PerMillionTokens {
        try #require(Money.PerMillionTokens(dollars: dollars))
    }

    @Test("tokens are priced exactly, and rounded once over all kinds together")
    func pricing() throws {
        #expect(Money(summing: [(try price(0.15), 1)]) == Money(nanodollars: 150))
        #expect(
            Money(summing: [(try price(0.15), 1_000_000), (try price(0.60), 1_000_000)])
                == Money(nanodollars: 750_000_000))
        // 0.0004 nano-dollars a token: two halves make one whole, each alone would be lost.
        let tiny = Money.PerMillionTokens(nanodollars: 400)
        #expect(Money(summing: [(tiny, 1_249)]) == Money(nanodollars: 0))
        #expect(Money(summing: [(tiny, 1_250)]) == Money(nanodollars: 1))
        #expect(Money(summing: [(tiny, 625), (tiny, 625)]) == Money(nanodollars: 1))
        #expect(Money(summing: []) == .zero)
    }

    @Test("one call's cost equals the sum over its tokens, to half a nano-dollar")
    func pricingProperty() {
        for round in 0..<2_000 {
            var draw = SeededGenerator(round)
            let parts = (0..<Int.random(in: 0...5, using: &draw)).map { _ in
                (
                    price: Money.PerMillionTokens(nanodollars: Int64.random(in: 0...100_000_000_000, using: &draw)),
                    tokens: Int.random(in: 0...2_000_000, using: &draw)
                )
            }
            let femto = parts.reduce(Int128(0)) { $0 + Int128($1.price.nanodollars) * Int128($1.tokens) }
            let cost = Int128(Money(summing: parts).nanodollars)
            #expect(2 * (cost * 1_000_000 - femto) <= 1_000_000, "round \(round)")
            #expect(2 * (cost * 1_000_000 - femto) > -1_000_000, "round \(round): half is rounded up")
        }
    }

    @Test("a sum beyond all money stops at its end instead of wrapping round")
    func overflow() {
        let dear = Money.PerMillionTokens(nanodollars: .max)
        #expect(Money(summing: [(dear, Int(Int32.max)), (dear, Int(Int32.max))]) == Money(nanodollars: .max))
    }

    @Test("a price is 0 or more")
    func prices() {
        #expect(Money.PerMillionTokens(dollars: -0.01) == nil)
        #expect(Money.PerMillionTokens(dollars: .nan) == nil)
        #expect(Money.PerMillionTokens(dollars: 0)?.nanodollars == 0)
        #expect(Money.PerMillionTokens(dollars: 2.5)?.nanodollars == 2_500_000_000)
    }

    @Test(
        "people see two decimals, or as many as show two digits",
        arguments: [
            (0, "$0.00"), (1_840_000_000, "$1.84"), (1_845_000_000, "$1.85"), (3_100_000, "$0.0031"),
            (1, "$0.000000001"),
            (15_000, "$0.000015"), (999_999_999, "$1.00"), (-1_840_000_000, "-$1.84"), (123_456_000_000, "$123.46"),
            (10_000_000, "$0.010"),
            (500_000_000, "$0.50"),
        ] as [(Int64, String)])
    func shortText(_ nanodollars: Int64, _ text: String) { #expect(Money(nanodollars: nanodollars).shortText == text) }
}
