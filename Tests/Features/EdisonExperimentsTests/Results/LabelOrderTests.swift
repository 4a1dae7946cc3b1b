import EdisonCore
import Testing

@testable import EdisonExperiments

@Suite("The order in which outputs are labelled")
struct LabelOrderTests {
    private func picked(_ count: Int, versions: Int = 2) -> [LabelPicker.Picked] {
        (0..<count).map { place in
            let row = LabelledRun.Row(outputs: (0..<versions).map { "\(place) \($0)" })
            return LabelPicker.Picked(
                testCase: LabelledRun.Case(id: "\(place)", key: "key \(place)", rows: [row]), row: row,
                pick: LabelPick(reason: .random, probability: 0.5))
        }
    }

    @Test("each output is shown once, and never beside the other one of its case", arguments: [2, 4, 5, 11, 15])
    func apart(count: Int) {
        for seed in 1...40 as ClosedRange<UInt64> {
            let shown = LabelOrder.outputs(picked(count), seed: seed)
            #expect(Set(shown.map(\.output)).count == 2 * count && shown.count == 2 * count)
            #expect(zip(shown, shown.dropFirst()).allSatisfy { $0.testCase != $1.testCase })
        }
    }

    @Test("which version comes first is chance, and the seed's alone")
    func blind() {
        let first = (1...200 as ClosedRange<UInt64>).flatMap { seed in
            LabelOrder.outputs(picked(5), seed: seed).prefix(5).map { $0.output.hasSuffix("1") ? 1.0 : 0 }
        }
        #expect(abs(first.reduce(0, +) / Double(first.count) - 0.5) < 0.05)
        #expect(
            LabelOrder.outputs(picked(9), seed: 4).map(\.output) == LabelOrder.outputs(picked(9), seed: 4).map(\.output)
        )
    }

    @Test("after ten outputs five cases are complete")
    func batches() {
        let shown = LabelOrder.outputs(picked(15), seed: 8).prefix(10)
        #expect(Set(shown.map(\.testCase)).count == 5)
    }

    @Test("without a comparison each output stands alone")
    func single() {
        #expect(LabelOrder.outputs(picked(7, versions: 1), seed: 1).count == 7)
    }
}
