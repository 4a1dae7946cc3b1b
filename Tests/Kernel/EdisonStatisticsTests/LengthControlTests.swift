import EdisonStatistics
import Foundation
import Testing

@Suite("Rankings at equal length")
struct LengthControlTests {
    private let plan = ResamplePlan.random(resamples: 1_000, seed: 3)

    /// Verdicts on item 0 against item 1, one case each: who won, and ln(length of 0) − ln(length of 1).
    private func fit(_ verdicts: [(won: Double, gap: Double)]) -> LengthControlledBradleyTerry {
        LengthControlledBradleyTerry(items: 2, cases: verdicts.map { [match($0)] }, plan: plan)
    }

    private func match(_ verdict: (won: Double, gap: Double)) -> LengthMatch {
        switch verdict.won {
        case 0.5: LengthMatch(Match(winner: 0, loser: 1, isTie: true), logLengthGap: verdict.gap)
        case 1: LengthMatch(Match(winner: 0, loser: 1), logLengthGap: verdict.gap)
        default: LengthMatch(Match(winner: 1, loser: 0), logLengthGap: -verdict.gap)
        }
    }

    @Test("at equal lengths it is the plain ranking, and length is worth nothing")
    func equalLengths() throws {
        let won = [1, 1, 1, 0, 1, 0.5, 1, 0]
        let fit = fit(won.map { ($0, 0) })
        var matrix = WinMatrix(count: 2)
        for value in won { matrix.add(match((value, 0)).match) }
        let plain = try #require(BradleyTerry(matrix).strengths)
        let strengths = try #require(fit.strengths)
        for (one, other) in zip(plain, strengths) { #expect(abs(one - other) < 1e-9) }
        #expect(fit.lengthEffect == 0)
        #expect(fit.scale == 0)
    }

    /// Nine times in ten the judge takes the longer text whatever it says, and item 0 is longer in three cases of four.
    @Test("a version that wins by length alone has no advantage at equal length")
    func lengthAlone() throws {
        var draw = SplitMix64(seed: 11)
        let verdicts = (0..<300).map { _ -> (won: Double, gap: Double) in
            let gap =
                (Double.random(in: 0..<1, using: &draw) < 0.75 ? 1 : -1) * Double.random(in: 0.2..<1, using: &draw)
            let takesLonger = Double.random(in: 0..<1, using: &draw) < 0.9
            return ((gap > 0) == takesLonger ? 1 : 0, gap)
        }
        let fit = fit(verdicts)
        var matrix = WinMatrix(count: 2)
        for verdict in verdicts { matrix.add(match(verdict).match) }
        let plain = try #require(BradleyTerry(matrix).strengths)
        #expect(plain[0] - plain[1] > 0.6, "the raw ranking takes length for strength")
        let gap = try #require(fit.differenceInterval(0, 1))
        #expect(gap.lower < 0 && gap.upper > 0)
        #expect(try #require(fit.lengthEffectInterval).lower > 1)
    }

    @Test("swapping the items negates strengths and keeps what length is worth")
    func swapped() throws {
        let verdicts: [(won: Double, gap: Double)] = [(1, 0.4), (1, -0.2), (0, 0.1), (0.5, 0.9), (1, 0.3), (0, -0.6)]
        let fit = fit(verdicts)
        let other = LengthControlledBradleyTerry(
            items: 2,
            cases: verdicts.map { verdict in [match((1 - verdict.won, -verdict.gap))] }, plan: plan)
        let (one, two) = (try #require(fit.strengths), try #require(other.strengths))
        #expect(abs(one[0] + two[0]) < 1e-9)
        #expect(abs(try #require(fit.lengthEffect) - (try #require(other.lengthEffect))) < 1e-9)
    }

    /// The maximum is where the gradient of the penalised likelihood is 0, computed here from its definition.
    @Test("the strengths are the maximum of the stated likelihood")
    func maximum() throws {
        let gaps = [0.4, -0.2, 0.1, 0.9, 0.3, -0.6, 0.2, -0.1]
        let pairs = [(0, 1), (1, 2), (0, 2), (2, 1), (0, 1), (2, 0), (1, 0), (0, 2)]
        let matches = zip(pairs, gaps).map { LengthMatch(Match(winner: $0.0, loser: $0.1), logLengthGap: $1) }
        let fit = LengthControlledBradleyTerry(items: 3, cases: matches.map { [$0] }, plan: plan)
        let (strengths, effect) = (try #require(fit.strengths), try #require(fit.lengthEffect))
        let scale = (gaps.reduce(0) { $0 + $1 * $1 } / Double(gaps.count)).squareRoot()
        #expect(abs(fit.scale - scale) < 1e-12)
        var gradient = strengths.map { -0.1 * $0 }
        var slope = -0.1 * effect
        for (pair, gap) in zip(pairs, gaps) {
            let z = tanh(gap / scale)
            let surprise = 1 - 1 / (1 + exp(-(strengths[pair.0] - strengths[pair.1] + effect * z)))
            gradient[pair.0] += surprise
            gradient[pair.1] -= surprise
            slope += surprise * z
        }
        #expect(gradient.allSatisfy { abs($0) < 1e-8 })
        #expect(abs(slope) < 1e-8)
        #expect(abs(strengths.reduce(0, +)) < 1e-12)
    }

    @Test("no verdicts are too few, and an item that does not exist is refused")
    func badInput() {
        #expect(LengthControlledBradleyTerry(items: 2, cases: [], plan: plan).status == .insufficientData)
        let foreign = LengthMatch(Match(winner: 0, loser: 7), logLengthGap: 0)
        #expect(LengthControlledBradleyTerry(items: 2, cases: [[foreign]], plan: plan).status == .invalidInput)
    }
}
