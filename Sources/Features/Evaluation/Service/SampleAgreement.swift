import EdisonCore

/// What several samples of one judge say together (`self-consistency`).
enum SampleAgreement {
    /// Median scores, flags by majority; words of the sample that is nearest to the medians, since words have no median.
    static func judgment(_ answers: [JSONValue], rubric: Rubric) -> JSONValue {
        let names = rubric.judged.map(\.name)
        let medians = names.map { name in median(answers.compactMap { $0["scores"]?[name]?.double }) }
        func distance(_ answer: JSONValue) -> Double {
            zip(names, medians).reduce(0) { sum, pair in
                guard let median = pair.1, let score = answer["scores"]?[pair.0]?.double else { return sum }
                return sum + abs(score - median)
            }
        }
        let nearest = answers.enumerated().min { distance($0.element) < distance($1.element) }?.element ?? answers[0]
        guard case .object(var object) = nearest else { return nearest }
        object["scores"] = .object(JSONObject(zip(names, medians).map { ($0, JSONValue($1)) }))
        let flags = answers.compactMap { $0["safety_flags"]?.object }
        if let known = flags.first {
            object["safety_flags"] = .object(
                JSONObject(
                    known.keys.map { key in (key, .bool(flags.count { $0[key]?.bool == true } * 2 > flags.count)) }))
        }
        return .object(object)
    }

    /// The winner that most samples name, else a tie; words of a sample that named it.
    static func comparison(_ answers: [JSONValue]) -> JSONValue {
        var votes: [Judgment.Winner: Int] = [:]
        for winner in answers.compactMap(ComparisonContract.winner) { votes[winner, default: 0] += 1 }
        let most = votes.values.max() ?? 0
        let leaders = votes.filter { $0.value == most }.keys
        let winner = leaders.count == 1 ? leaders.first ?? .tie : .tie
        let speaker = answers.first { ComparisonContract.winner(in: $0) == winner } ?? answers[0]
        guard case .object(var object) = speaker else { return speaker }
        object["winner"] = .string(winner.rawValue)
        return .object(object)
    }

    private static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
