import EdisonCore
import EdisonEvaluation
import EdisonTestKit
import Testing

@Suite("From judgments to one score")
struct ScoringTests {
    private let rubric = Rubric([
        Criterion(name: "Queue", weight: 0.6), Criterion(name: "Tone", weight: 0.4, scale: Scale(min: 1, max: 5)),
    ])

    private func judgment(
        _ judge: String, _ scores: [String: Double], valid: Bool = true, mode: Judge.Mode = .pointwise
    ) -> Judgment {
        Judgment(
            id: IDSource.random.next(), outputID: ID("o"), judge: judge, mode: mode, scores: scores, valid: valid,
            cost: nil)
    }

    private func scoring(_ weights: [String: Double] = ["a": 1], offsets: [String: Double] = [:], rubric: Rubric? = nil)
        -> Scoring
    {
        Scoring(rubric: rubric ?? self.rubric, ensemble: Ensemble(weights: weights, offsets: offsets))
    }

    private func isClose(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return abs(left - right) < 1e-12
    }

    @Test("one judge: the weighted mean of its normalised scores")
    func oneJudge() {
        let score = scoring().score([judgment("a", ["Queue": 4, "Tone": 2])], checks: [:])
        #expect(isClose(score, 0.6 * 0.8 + 0.4 * 0.25))
    }

    @Test("several judges: the weighted mean of their composites, after their offsets")
    func ensemble() {
        let judgments = [judgment("a", ["Queue": 5, "Tone": 5]), judgment("b", ["Queue": 0, "Tone": 1])]
        #expect(isClose(scoring(["a": 0.75, "b": 0.25]).score(judgments, checks: [:]), 0.75))
        let shifted = scoring(["a": 0.5, "b": 0.5], offsets: ["a": 0.2, "b": -0.1]).score(judgments, checks: [:])
        #expect(isClose(shifted, 0.5 * (1 - 0.2) + 0.5 * (0 + 0.1)))
    }

    @Test("an offset cannot lead out of the scale")
    func clipping() {
        let best = [judgment("a", ["Queue": 5, "Tone": 5])]
        #expect(scoring(offsets: ["a": -0.3]).score(best, checks: [:]) == 1)
        let worst = [judgment("a", ["Queue": 0, "Tone": 1])]
        #expect(scoring(offsets: ["a": 0.3]).score(worst, checks: [:]) == 0)
    }

    @Test("what is missing is left out, never 0")
    func missing() {
        #expect(scoring().score([], checks: [:]) == nil)
        #expect(scoring().score([judgment("a", ["Queue": 5])], checks: [:]) == nil)
        #expect(scoring().score([judgment("a", ["Queue": 5, "Tone": 9])], checks: [:]) == nil)
        #expect(scoring().score([judgment("a", ["Queue": 5, "Tone": 5], valid: false)], checks: [:]) == nil)
        #expect(scoring().score([judgment("a", ["Queue": 5, "Tone": 5], mode: .pairwise)], checks: [:]) == nil)
        let half = [judgment("a", ["Queue": 5, "Tone": 5]), judgment("b", ["Queue": 5])]
        #expect(isClose(scoring(["a": 0.5, "b": 0.5]).score(half, checks: [:]), 1))
    }

    /// Random ensembles of one to five judges with scores, some of them missing or invalid.
    private func random(_ round: Int) -> (
        scoring: Scoring, judgments: [Judgment], weights: [String: Double], offsets: [String: Double]
    ) {
        var draw = SeededGenerator(round)
        let names = Array(["a", "b", "c", "d", "e"].prefix(Int.random(in: 1...5, using: &draw)))
        var weights: [String: Double] = [:]
        var offsets: [String: Double] = [:]
        for name in names {
            weights[name] = Double.random(in: 0.02...0.6, using: &draw)
            offsets[name] = Double.random(in: -0.2...0.2, using: &draw)
        }
        let judgments = names.map { name in
            var scores = [
                "Queue": Double.random(in: 0...5, using: &draw), "Tone": Double.random(in: 1...5, using: &draw),
            ]
            if Int.random(in: 0..<6, using: &draw) == 0 { scores["Tone"] = nil }
            return judgment(name, scores, valid: Int.random(in: 0..<6, using: &draw) > 0)
        }
        return (scoring(weights, offsets: offsets), judgments, weights, offsets)
    }

    @Test("the order of the judges does not matter")
    func permutation() {
        for round in 0..<300 {
            let (scoring, judgments, _, _) = random(round)
            var draw = SeededGenerator(round + 1_000)
            let shuffled = judgments.shuffled(using: &draw)
            #expect(
                isClose(scoring.score(judgments, checks: [:]), scoring.score(shuffled, checks: [:])), "round \(round)")
        }
    }

    @Test("an ensemble with a missing judge is the ensemble without it")
    func missingJudge() {
        for round in 0..<300 {
            let (scoring, judgments, weights, offsets) = random(round)
            for missing in judgments {
                let rest = judgments.filter { $0.judge != missing.judge }
                let without = Scoring(
                    rubric: rubric,
                    ensemble: Ensemble(
                        weights: weights.filter { $0.key != missing.judge },
                        offsets: offsets.filter { $0.key != missing.judge }))
                #expect(isClose(scoring.score(rest, checks: [:]), without.score(rest, checks: [:])), "round \(round)")
            }
        }
    }

    @Test("a judge of weight 0 is as if it were not there")
    func weightZero() {
        for round in 0..<300 {
            let (_, judgments, weights, offsets) = random(round)
            let name = judgments[round % judgments.count].judge
            let zero = Scoring(
                rubric: rubric, ensemble: Ensemble(weights: weights.merging([name: 0]) { $1 }, offsets: offsets))
            let rest = judgments.filter { $0.judge != name }
            #expect(isClose(zero.score(judgments, checks: [:]), zero.score(rest, checks: [:])), "round \(round)")
        }
    }

    @Test("only the named judges count where names are given")
    func named() {
        let judgments = [judgment("a", ["Queue": 5, "Tone": 5]), judgment("b", ["Queue": 0, "Tone": 1])]
        let scoring = scoring(["a": 0.5, "b": 0.5])
        #expect(scoring.score(judgments, checks: [:], judges: ["a"]) == 1)
        #expect(scoring.score(judgments, checks: [:], judges: ["c"]) == nil)
    }

    private func checkedRubric(gate: Bool = false) throws -> Rubric {
        Rubric([
            Criterion(name: "Queue", weight: 0.5),
            Criterion(name: "Short", weight: 0.3, check: try Check(json: ["max_words": 9]), gate: gate),
            Criterion(name: "Exact", weight: 0.2, check: try Check(json: ["equals": "{expected}"])),
        ])
    }

    @Test("checks enter by their weight, and one that does not apply is left out")
    func checks() throws {
        let scoring = scoring(rubric: try checkedRubric())
        let judged = [judgment("a", ["Queue": 4])]
        #expect(isClose(scoring.score(judged, checks: ["Short": true, "Exact": false]), 0.5 * 0.8 + 0.3))
        #expect(isClose(scoring.score(judged, checks: ["Short": true]), (0.5 * 0.8 + 0.3) / 0.8))
        #expect(isClose(scoring.score(judged, checks: [:]), 0.8))
        #expect(scoring.score([], checks: ["Short": true, "Exact": true]) == nil)
    }

    @Test("a failed gate fails the case, a passed one counts like any check")
    func gate() throws {
        let scoring = scoring(rubric: try checkedRubric(gate: true))
        let judged = [judgment("a", ["Queue": 5])]
        #expect(scoring.score(judged, checks: ["Short": false, "Exact": true]) == 0)
        #expect(scoring.score([], checks: ["Short": false]) == 0)
        #expect(isClose(scoring.score(judged, checks: ["Short": true, "Exact": false]), 0.8))
        #expect(isClose(scoring.score(judged, checks: ["Exact": true]), 1))
    }

    @Test("a rubric of checks alone needs no judgment")
    func checksAlone() throws {
        let rubric = Rubric([
            Criterion(name: "Short", weight: 0.75, check: try Check(json: ["max_words": 9])),
            Criterion(name: "Exact", weight: 0.25, check: try Check(json: ["equals": "{expected}"])),
        ])
        let scoring = scoring([:], rubric: rubric)
        #expect(isClose(scoring.score([], checks: ["Short": true, "Exact": false]), 0.75))
        #expect(isClose(scoring.score([], checks: ["Short": true]), 1))
        #expect(scoring.score([], checks: [:]) == nil)
    }

    @Test("one criterion over the judges, or by its check")
    func criterion() throws {
        let scoring = scoring(["a": 0.75, "b": 0.25], rubric: try checkedRubric())
        let judgments = [judgment("a", ["Queue": 5]), judgment("b", ["Queue": 1]), judgment("c", [:], valid: false)]
        #expect(isClose(scoring.criterionScore("Queue", judgments, checks: [:]), 0.75 + 0.25 * 0.2))
        #expect(scoring.criterionScore("Short", judgments, checks: ["Short": false]) == 0)
        #expect(scoring.criterionScore("Exact", judgments, checks: [:]) == nil)
        #expect(scoring.criterionScore("Unknown", judgments, checks: [:]) == nil)
    }

    @Test("judges have equal weights until something is known of them")
    func equal() {
        let ensemble = Ensemble.equal(["a", "b", "c", "d"])
        #expect(ensemble.weights.values.allSatisfy { $0 == 0.25 })
        #expect(ensemble.weight(of: "x") == 0)
        #expect(ensemble.offset(of: "a") == 0)
        #expect(Ensemble.equal([]).weights.isEmpty)
    }
}
