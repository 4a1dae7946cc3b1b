import EdisonCore
import Testing

@testable import EdisonEvaluation

@Suite("What several samples of a judge say together") struct SampleAgreementTests {
    private let rubric = Rubric([Criterion(name: "A", weight: 0.5), Criterion(name: "B", weight: 0.5)])

    private func judgment(_ a: Double, _ b: Double, toxic: Bool = false, _ words: String = "") -> JSONValue {
        [
            "reasoning": .string(words), "scores": ["A": .number(a), "B": .number(b)],
            "rationales": ["A": .string(words)],
            "safety_flags": ["toxic_content": .bool(toxic), "pii_detected": false],
        ]
    }

    @Test("scores are medians, words those of the sample that is nearest to them")
    func medians() {
        let agreed = SampleAgreement.judgment(
            [judgment(1, 5, "low"), judgment(3, 4, "middle"), judgment(5, 3, "high")], rubric: rubric)
        #expect(agreed["scores"]?["A"]?.double == 3 && agreed["scores"]?["B"]?.double == 4)
        #expect(agreed["reasoning"] == "middle")
    }

    @Test("of two samples the score lies between them")
    func even() {
        let agreed = SampleAgreement.judgment([judgment(1, 2), judgment(2, 4)], rubric: rubric)
        #expect(agreed["scores"]?["A"]?.double == 1.5)
        #expect(agreed["scores"]?["B"]?.double == 3)
    }

    @Test("a flag needs a majority")
    func flags() {
        let one = [judgment(1, 1, toxic: true), judgment(1, 1), judgment(1, 1)]
        let two = [judgment(1, 1, toxic: true), judgment(1, 1, toxic: true), judgment(1, 1)]
        #expect(SampleAgreement.judgment(one, rubric: rubric)["safety_flags"]?["toxic_content"] == false)
        #expect(SampleAgreement.judgment(two, rubric: rubric)["safety_flags"]?["toxic_content"] == true)
    }

    @Test(
        "the winner of a comparison is the one that most samples name, else it is a tie",
        arguments: [(["1", "1", "2"], "1"), (["2", "tie", "2"], "2"), (["1", "2", "tie"], "tie"), (["tie"], "tie")])
    func votes(_ winners: [String], _ winner: String) {
        let answers = winners.map { ["winner": .string($0), "rationale": .string("for \($0)")] as JSONValue }
        let agreed = SampleAgreement.comparison(answers)
        #expect(agreed["winner"] == .string(winner))
        #expect(agreed["rationale"] == .string("for \(winner)"))
    }
}
