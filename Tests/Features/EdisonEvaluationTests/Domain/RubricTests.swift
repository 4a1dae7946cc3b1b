import EdisonCore
import EdisonEvaluation
import Testing

@Suite("Rubrics")
struct RubricTests {
    private func issues(_ criteria: Criterion...) -> [FieldIssue] { Rubric(criteria).issues }

    private func weights(_ weights: Double...) -> [FieldIssue] {
        Rubric(weights.enumerated().map { Criterion(name: "c\($0)", description: "d", weight: $1) }).issues
    }

    @Test("weights may miss 1 by a hundredth, on either side")
    func tolerance() {
        #expect(weights(0.35, 0.25, 0.25, 0.15).isEmpty)
        #expect(weights(0.33, 0.33, 0.33).isEmpty)
        #expect(weights(0.5, 0.51).isEmpty)
        #expect(weights(1).isEmpty)
        #expect(weights(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).isEmpty)
    }

    @Test("weights that miss 1 by more get the agreed message")
    func message() {
        for issues in [weights(0.5, 0.52), weights(0.5, 0.48), weights(0.5), weights(0, 0)] {
            #expect(issues.map(\.path) == ["rubric"])
            #expect(issues.map(\.message) == ["Weights must sum to 1.0"])
        }
    }

    @Test("a weight lies between 0 and 1", arguments: [-0.1, 1.1, .nan, .infinity])
    func weightRange(_ weight: Double) {
        #expect(weights(weight, 1 - weight).contains { $0.path == "rubric[0].weight" })
    }

    @Test("a name has 1 to 100 characters, a description at most 500")
    func lengths() {
        let long = String(repeating: "é", count: 100)
        #expect(issues(Criterion(name: long, description: String(repeating: "x", count: 500), weight: 1)).isEmpty)
        #expect(issues(Criterion(name: "", weight: 1)).map(\.path) == ["rubric[0].name"])
        #expect(issues(Criterion(name: long + "x", weight: 1)).map(\.path) == ["rubric[0].name"])
        let wordy = Criterion(name: "a", description: String(repeating: "x", count: 501), weight: 1)
        #expect(issues(wordy).map(\.path) == ["rubric[0].description"])
    }

    @Test("names are unique, there is at least one criterion, and scales have a length")
    func whole() {
        #expect(Rubric([]).issues.map(\.path) == ["rubric"])
        #expect(
            issues(
                Criterion(name: "a", weight: 0.5), Criterion(name: "b", weight: 0.2), Criterion(name: "a", weight: 0.3)
            )
            .map(\.path) == ["rubric[2].name"])
        for scale in [Scale(min: 1, max: 1), Scale(min: 2, max: 1), Scale(min: .nan, max: 1)] {
            #expect(issues(Criterion(name: "a", weight: 1, scale: scale)).map(\.path) == ["rubric[0].scale"])
        }
    }

    @Test("a gate needs a check")
    func gate() throws {
        #expect(issues(Criterion(name: "a", weight: 1, gate: true)).map(\.path) == ["rubric[0].gate"])
        let check = try Check(json: ["max_words": 3])
        #expect(issues(Criterion(name: "a", weight: 1, check: check, gate: true)).isEmpty)
    }

    @Test("all faults are told at once, each with its place")
    func allAtOnce() {
        let paths = issues(
            Criterion(name: "", weight: 2), Criterion(name: "b", weight: 0.5, scale: Scale(min: 3, max: 1))
        ).map(\.path)
        #expect(paths == ["rubric[0].name", "rubric[0].weight", "rubric[1].scale", "rubric"])
    }

    @Test("scores are normalised over their own scale, and what lies outside is none")
    func normalisation() {
        let scale = Scale(min: 1, max: 5)
        #expect(scale.normalise(1) == 0)
        #expect(scale.normalise(5) == 1)
        #expect(scale.normalise(2) == 0.25)
        #expect(scale.normalise(3.5) == 0.625)
        #expect(scale.normalise(0.99) == nil)
        #expect(scale.normalise(5.01) == nil)
        #expect(scale.normalise(.nan) == nil)
        #expect(Scale(min: -1, max: 1).normalise(0) == 0.5)
    }

    @Test("the form that judges see holds all, and is read back")
    func json() throws {
        let criterion = Criterion(
            name: "Tone", description: "How it sounds", weight: 0.4,
            scale: Scale(min: 1, max: 3, labels: ["bad", "fair", "good"]),
            check: try Check(json: ["contains": "please"]), gate: true)
        #expect(
            criterion.json.text(.canonical)
                == #"{"check":{"contains":"please"},"description":"How it sounds","gate":true,"name":"Tone","scale":{"labels":["bad","fair","good"],"max":3,"min":1},"weight":0.4}"#
        )
        #expect(Criterion(json: criterion.json) == criterion)
    }

    @Test("judges score what has no check")
    func judged() throws {
        let rubric = Rubric([
            Criterion(name: "a", weight: 0.5),
            Criterion(name: "b", weight: 0.5, check: try Check(json: ["max_words": 3])),
        ])
        #expect(rubric.judged.map(\.name) == ["a"])
        #expect(rubric.checked.map(\.name) == ["b"])
        #expect(rubric["b"]?.weight == 0.5)
        #expect(rubric["c"] == nil)
    }
}
