import EdisonCore
import EdisonPrompts
import EdisonStatistics

/// What the pairwise judges said, as the result file shows it: the judges, each comparison, and the ranking.
struct PairwiseJSON: Sendable {
    let records: [PairwiseRecord]

    /// null without a pairwise judge.
    var json: JSONValue {
        guard !records.isEmpty else { return .null }
        let unreliable = records.unreliableJudges
        let judges = records.judges.sorted { bytewise($0.key, $1.key) }.map { name, tally -> (String, JSONValue) in
            var object = tally.json.object ?? [:]
            object["excluded"] = .bool(unreliable.contains(name))
            return (name, .object(object))
        }
        return [
            "judges": .object(JSONObject(judges)),
            "comparisons": .array(
                records.map { record in
                    var object = record.total(without: unreliable).json.object ?? [:]
                    object["version_id"] = .string(record.version.text)
                    object["other_version_id"] = .string(record.other.text)
                    object["split"] = .string(record.split)
                    return .object(object)
                }),
            "ranking": ranking(without: unreliable),
        ]
    }

    /// Bradley-Terry strengths with λ = 0.1, ties as half wins; the difference to the strongest decides on `tied`.
    private func ranking(without unreliable: Set<String>) -> JSONValue {
        var ids: [PromptVersion.ID] = []
        for record in records {
            for id in [record.version, record.other] where !ids.contains(id) { ids.append(id) }
        }
        var wins = Array(repeating: Array(repeating: 0.0, count: ids.count), count: ids.count)
        for record in records {
            let total = record.total(without: unreliable)
            guard let mine = ids.firstIndex(of: record.version), let other = ids.firstIndex(of: record.other) else {
                continue
            }
            wins[mine][other] += total.wins
            wins[other][mine] += Double(total.pairs) - total.wins
        }
        guard let matrix = WinMatrix(rows: wins) else { return [] }
        let fit = BradleyTerry(matrix, precision: 0.1)
        guard let strengths = fit.strengths else { return [] }
        let order = ids.indices.sorted { strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1 }
        return .array(
            order.map { index in
                let gap = strengths[order[0]] - strengths[index]
                let error = index == order[0] ? 0 : fit.differenceError(order[0], index) ?? .infinity
                return [
                    "version_id": .string(ids[index].text), "strength": .number(strengths[index]),
                    "tied_with_first": .bool(gap <= 1.96 * error),
                ]
            })
    }
}
