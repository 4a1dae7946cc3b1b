import EdisonCore
import EdisonStatistics
import Testing

@testable import EdisonExperiments

@Suite("Which cases people are given")
struct LabelPlanTests {
    private static let units = (0..<12).map { LabelPlan.Unit(key: "case \($0)", disagreement: Double($0) / 10) }

    @Test("the same seed gives the same order, another one another")
    func seeded() {
        #expect(LabelPlan(Self.units, seed: 1).order == LabelPlan(Self.units, seed: 1).order)
        #expect(LabelPlan(Self.units, seed: 1).order != LabelPlan(Self.units, seed: 2).order)
    }

    @Test("the order does not depend on the order of arrival")
    func arrival() {
        let turned = Array(Self.units.reversed())
        let keys = LabelPlan(Self.units, seed: 3).order.map { Self.units[$0.unit].key }
        #expect(LabelPlan(turned, seed: 3).order.map { turned[$0.unit].key } == keys)
        #expect(Set(keys).count == 12)
    }

    @Test("weighted by their probabilities, the picked ones count as many as there are")
    func probabilities() {
        // Horvitz and Thompson: the sum of 1/π over the picked estimates the number of all, of each part too.
        let runs = 4000
        var totals = [0.0, 0.0]
        var reasons = 0
        for seed in 1...UInt64(runs) {
            let plan = LabelPlan(Self.units, seed: seed)
            let chances = plan.probabilities(first: 5)
            for pick in plan.order.prefix(5) {
                totals[pick.unit < 6 ? 0 : 1] += 1 / (chances[pick.unit] ?? 0) / Double(runs)
                if pick.reason == .random { reasons += 1 }
            }
        }
        #expect(abs(totals[0] - 6) < 0.15, "units with little disagreement: \(totals[0])")
        #expect(abs(totals[1] - 6) < 0.15, "units with much disagreement: \(totals[1])")
        let share = Double(reasons) / Double(5 * runs)
        #expect(abs(share - 0.7) < 0.04, "picked at random: \(share)")
    }

    @Test("where judges agree, or there is one alone, all are random and equally probable", arguments: [nil, 0.0])
    func withoutDisagreement(disagreement: Double?) {
        let plan = LabelPlan((0..<8).map { LabelPlan.Unit(key: "\($0)", disagreement: disagreement) }, seed: 5)
        #expect(plan.order.allSatisfy { $0.reason == .random })
        let chances = plan.probabilities(first: 3).values
        #expect(Set(chances).count == 1 && chances.allSatisfy { (0.05..<0.95).contains($0) })
    }

    @Test("what is all picked was certain")
    func all() {
        let chances = LabelPlan(Self.units, seed: 5).probabilities(first: 12)
        #expect(chances.count == 12 && chances.values.allSatisfy { $0 == 1 })
    }
}

/// 2,000 hold-outs of 40 cases each, of which 15 are picked by the plan and labelled; three judges, biased as named.
@Suite("The corrected difference, simulated")
struct LabelSimulationTests {
    enum Shape: Sendable { case normal, leftSkewed }

    enum Judges: Sendable, CaseIterable {
        /// Too mild by 0.08 to the new version.
        case mild
        /// See half of the difference, and add 0.1.
        case narrow
        /// Say the same whatever people say.
        case useless
        /// Too mild where they disagree: what is picked by disagreement is what they are most wrong about.
        case wrongWhereTheyDisagree
        /// Say the opposite.
        case opposite
    }

    struct Found: Sendable, Hashable {
        var corrected = 0.0
        var labelsAlone = 0.0
        var judgesAlone = 0.0
        var width = 0.0
        var widthOfLabels = 0.0
        var bias = 0.0
    }

    static let runs = 2000
    static let truth = 0.1

    static func simulate(_ shape: Shape, _ judges: Judges) -> Found {
        var draw = Xoshiro256StarStar(seed: 20_260_101)
        var found = Found()
        for run in 1...runs {
            var people: [Double] = []
            var ensemble: [Double] = []
            var spread: [Double] = []
            for _ in 0..<40 {
                let value =
                    truth + 0.2 * (shape == .normal ? draw.standardNormal() : 1 - draw.standardExponential())
                let noise = 0.05 + 0.25 * draw.unitDouble()
                let words = (0..<3).map { _ -> Double in
                    let error = noise * draw.standardNormal()
                    return switch judges {
                    case .mild: value + 0.08 + error
                    case .narrow: 0.5 * value + 0.1 + 0.7 * error
                    case .useless: 0.15 + error
                    case .wrongWhereTheyDisagree: value + 0.1 + 1.2 * noise + 0.7 * error
                    case .opposite: 0.2 - value + error
                    }
                }
                people.append(value)
                ensemble.append(words.reduce(0, +) / 3)
                spread.append((Moments(words).variance ?? 0).squareRoot())
            }
            let plan = LabelPlan(
                spread.enumerated().map { LabelPlan.Unit(key: "\($0)", disagreement: $1) }, seed: UInt64(run))
            let chances = plan.probabilities(first: 15)
            let labelled = Set(plan.order.prefix(15).map(\.unit))
            let units = people.indices.map { place in
                LabelCorrectedMean.Unit(
                    label: labelled.contains(place) ? people[place] : nil, judged: ensemble[place],
                    probability: chances[place] ?? 0)
            }
            let share = 1 / Double(runs)
            let corrected = LabelCorrectedMean(units)
            let alone = LabelCorrectedMean(units.filter { $0.label != nil })
            if corrected.interval?.contains(truth) == true { found.corrected += share }
            if alone.interval?.contains(truth) == true { found.labelsAlone += share }
            found.width += share * ((corrected.interval?.upper ?? 0) - (corrected.interval?.lower ?? 0))
            found.widthOfLabels += share * ((alone.interval?.upper ?? 0) - (alone.interval?.lower ?? 0))
            found.bias += share * ((corrected.value ?? 0) - truth)
            if let plain = CaseStatistics.interval(ofMean: ensemble), plain.contains(truth) {
                found.judgesAlone += share
            }
        }
        return found
    }

    @Test("the interval covers the truth whatever the judges' bias", arguments: Judges.allCases)
    func covers(judges: Judges) {
        let found = Self.simulate(.normal, judges)
        #expect(found.corrected >= 0.925, "\(judges): \(found)")
        #expect(abs(found.bias) < 0.005, "\(judges): \(found)")
        // It never costs much, and pays where the judges know something.
        #expect(found.width <= found.widthOfLabels * 1.02, "\(judges): \(found)")
        if judges == .mild { #expect(found.width < 0.8 * found.widthOfLabels && found.judgesAlone < 0.6) }
    }

    @Test("rare large losses are seen too seldom in 15 labels: coverage falls, as that of every t interval does")
    func skewed() {
        let found = Self.simulate(.leftSkewed, .mild)
        #expect((0.85...0.93).contains(found.corrected) && found.judgesAlone < 0.5, "\(found)")
    }
}
