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

    /// Bradley-Terry strengths with λ = 0.1, ties as half wins; intervals by resampling cases, since all verdicts of one
    /// case share its difficulty. `tied_with_first`: the interval of the difference to the strongest holds 0.
    private func ranking(without unreliable: Set<String>) -> JSONValue {
        let ids = records.flatMap { [$0.version, $0.other] }.reduce(into: [PromptVersion.ID]()) { ids, id in
            if !ids.contains(id) { ids.append(id) }
        }
        let cases = matches(of: ids, without: unreliable)
        let seed = DerivedSeed(1, "bootstrap", "pairwise").value
        let bootstrap = BradleyTerryBootstrap(
            items: ids.count, cases: cases, precision: 0.1, plan: .random(resamples: Self.resamples, seed: seed))
        guard let strengths = bootstrap.strengths, let intervals = bootstrap.intervals else { return [] }
        let order = ids.indices.sorted { strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1 }
        return .array(
            order.map { index in
                let gap = index == order[0] ? nil : bootstrap.differenceInterval(order[0], index)
                return [
                    "version_id": .string(ids[index].text), "strength": .number(strengths[index]),
                    "interval": [.number(intervals[index].lower), .number(intervals[index].upper)],
                    "tied_with_first": .bool(gap.map { $0.lower <= 0 && $0.upper >= 0 } ?? true),
                ]
            })
    }

    /// At least 1,000, or the intervals themselves are noise.
    private static let resamples = 2_000

    private func matches(of ids: [PromptVersion.ID], without unreliable: Set<String>) -> [[Match]] {
        var byCase: [String: [Match]] = [:]
        for record in records {
            guard let mine = ids.firstIndex(of: record.version), let other = ids.firstIndex(of: record.other) else {
                continue
            }
            for (testCase, value) in record.total(without: unreliable).points {
                byCase[testCase, default: []].append(
                    value == 0.5
                        ? Match(winner: mine, loser: other, isTie: true)
                        : value > 0.5 ? Match(winner: mine, loser: other) : Match(winner: other, loser: mine))
            }
        }
        return byCase.sorted { bytewise($0.key, $1.key) }.map(\.value)
    }
}
