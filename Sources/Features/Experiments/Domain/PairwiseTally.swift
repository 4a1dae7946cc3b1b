package import EdisonCore
package import EdisonPrompts
import EdisonStatistics

/// What one pairwise judge said of two versions: wins of the first of them over the other.
///
/// Each pair of outputs is shown in both orders; two verdicts that differ are a tie, half a win each.
package struct PairwiseTally: Sendable {
    package private(set) var wins = 0.0
    package private(set) var pairs = 0
    /// Pairs in which both orders gave the same word.
    package private(set) var consistent = 0
    /// Verdicts for the first slot, and all verdicts that were no tie.
    package private(set) var firstSlot = 0
    package private(set) var decided = 0
    /// What rankings and their intervals over cases are made of.
    package private(set) var points: [Point] = []

    /// The outcome of one pair of outputs.
    package struct Point: Hashable, Sendable {
        package let testCase: String
        /// 1 = won, 0.5 = tie, 0 = lost.
        package let value: Double
        /// ln(characters of the first version's output) − ln(characters of the other's).
        package let logLengthGap: Double
    }

    package init() {}

    /// - Parameters:
    ///   - points: who won in the order as given, and in the swapped one, as points of the first version.
    ///   - testCase: the key of the case that both outputs answer; pairs of one case are not independent.
    ///   - logLengthGap: ln(characters) of the first version's output minus that of the other's.
    package mutating func count(
        points: (Double, Double), firstSlot: Int, decided: Int, testCase: String? = nil, logLengthGap: Double = 0
    ) {
        let point = points.0 == points.1 ? points.0 : 0.5
        wins += point
        self.points.append(
            Point(testCase: testCase ?? "pair \(pairs)", value: point, logLengthGap: logLengthGap))
        pairs += 1
        if points.0 == points.1 { consistent += 1 }
        self.firstSlot += firstSlot
        self.decided += decided
    }

    package mutating func add(_ other: PairwiseTally) {
        wins += other.wins
        pairs += other.pairs
        consistent += other.consistent
        points += other.points
        firstSlot += other.firstSlot
        decided += other.decided
    }

    package var winRate: Double? { pairs > 0 ? wins / Double(pairs) : nil }
    package var consistency: Double? { pairs > 0 ? Double(consistent) / Double(pairs) : nil }
    package var firstSlotRate: Double? { decided > 0 ? Double(firstSlot) / Double(decided) : nil }
    /// Wilson's 95 % interval of the win rate, which has a width at 0 and 1 too, where all verdicts agree.
    package var interval: ClosedRange<Double>? {
        guard pairs > 0 else { return nil }
        let interval = ProportionInterval.wilson(wins, of: Double(pairs))
        return interval.lower...interval.upper
    }

    /// A judge that contradicts itself when the order changes more often than this says nothing (Zheng et al. 2023
    /// measured about 0.65 for strong models).
    package var isUnreliable: Bool { pairs >= 8 && (consistency ?? 1) < 0.6 }

    package var json: JSONValue {
        [
            "pairs": .integer(Int64(pairs)), "wins": .number(wins), "win_rate": JSONValue(winRate),
            "interval": interval.json, "consistency": JSONValue(consistency),
            "first_slot_rate": JSONValue(firstSlotRate),
        ]
    }
}

/// A comparison of two versions by the pairwise judges.
package struct PairwiseRecord: Sendable {
    package let version: PromptVersion.ID
    package let other: PromptVersion.ID
    package let split: String
    package var perJudge: [String: PairwiseTally]

    package init(
        version: PromptVersion.ID, other: PromptVersion.ID, split: String, perJudge: [String: PairwiseTally] = [:]
    ) {
        self.version = version
        self.other = other
        self.split = split
        self.perJudge = perJudge
    }

    /// All judges together, without those that were found unreliable.
    package func total(without unreliable: Set<String>) -> PairwiseTally {
        var total = PairwiseTally()
        for (judge, tally) in perJudge.sorted(by: { bytewise($0.key, $1.key) }) where !unreliable.contains(judge) {
            total.add(tally)
        }
        return total
    }
}

extension [PairwiseRecord] {
    /// Per judge over all comparisons.
    package var judges: [String: PairwiseTally] {
        var judges: [String: PairwiseTally] = [:]
        for record in self {
            for (judge, tally) in record.perJudge { judges[judge, default: PairwiseTally()].add(tally) }
        }
        return judges
    }

    package var unreliableJudges: Set<String> { Set(judges.filter(\.value.isUnreliable).keys) }
}
