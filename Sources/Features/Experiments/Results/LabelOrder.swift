import EdisonCore

/// The order in which picked outputs are shown: by chance, so that neither the version can be told from the place nor
/// the two outputs of one case be seen side by side.
///
/// Five cases at a time: one output of each first, whichever, then the others. Whoever stops half way has so labelled
/// most cases completely.
enum LabelOrder {
    static let batch = 5

    static func outputs(_ picked: [LabelPicker.Picked], seed: UInt64) -> [(output: String, testCase: String)] {
        var starts = Array(stride(from: 0, to: picked.count, by: batch))
        // A single case left over joins the ones before: nothing would stand between its two outputs.
        if starts.count > 1, picked.count % batch == 1 { starts.removeLast() }
        return starts.enumerated().flatMap { place, start in
            let end = place + 1 < starts.count ? starts[place + 1] : picked.count
            return rounds(Array(picked[start..<end]), seed: seed)
        }
    }

    private static func rounds(
        _ picked: [LabelPicker.Picked], seed: UInt64
    ) -> [(output: String, testCase: String)] {
        let versions = picked.map(\.row.outputs.count).max() ?? 0
        var shown: [(output: String, testCase: String)] = []
        for round in 0..<versions {
            var next = picked.filter { round < $0.row.outputs.count }
                .map { one in (one, draw(seed, "order \(round)", one)) }
                .sorted { $0.1 != $1.1 ? $0.1 < $1.1 : bytewise($0.0.testCase.key, $1.0.testCase.key) }
                .map { one, _ in
                    let turn = Int(draw(seed, "side", one) % UInt64(one.row.outputs.count))
                    return (
                        output: one.row.outputs[(round + turn) % one.row.outputs.count], testCase: one.testCase.id
                    )
                }
            if next.count > 1, next.first?.testCase == shown.last?.testCase { next.append(next.removeFirst()) }
            shown += next
        }
        return shown
    }

    private static func draw(_ seed: UInt64, _ purpose: String, _ picked: LabelPicker.Picked) -> UInt64 {
        DerivedSeed(seed, "label", purpose, picked.testCase.key).value
    }
}
