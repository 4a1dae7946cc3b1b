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
            "length_controlled": lengthControlled(without: unreliable),
        ]
    }

    /// Bradley-Terry strengths with λ = 0.1, ties as half wins; intervals by resampling cases, since all verdicts of one
    /// case share its difficulty. `tied_with_first`: the interval of the difference to the strongest holds 0.
    private func ranking(without unreliable: Set<String>) -> JSONValue {
        let cases = matches(without: unreliable).map { $0.map(\.match) }
        let bootstrap = BradleyTerryBootstrap(items: ids.count, cases: cases, precision: 0.1, plan: plan)
        guard let strengths = bootstrap.strengths, let intervals = bootstrap.intervals else { return [] }
        return rows(strengths, intervals) { bootstrap.differenceInterval($0, $1) }
    }

    /// The same at equal length, beside the raw one: a version that wins by length alone falls here.
    private func lengthControlled(without unreliable: Set<String>) -> JSONValue {
        let fit = LengthControlledBradleyTerry(
            items: ids.count, cases: matches(without: unreliable), precision: 0.1, plan: plan)
        guard let strengths = fit.strengths, let intervals = fit.intervals else { return .null }
        return [
            "ranking": rows(strengths, intervals) { fit.differenceInterval($0, $1) },
            "length_effect": JSONValue(fit.lengthEffect),
            "interval": (fit.lengthEffectInterval.map { $0.lower...$0.upper }).json,
            "scale": .number(fit.scale),
        ]
    }

    private var ids: [PromptVersion.ID] {
        records.flatMap { [$0.version, $0.other] }.reduce(into: []) { ids, id in
            if !ids.contains(id) { ids.append(id) }
        }
    }

    /// At least 1,000 resamples, or the intervals themselves are noise.
    private var plan: ResamplePlan {
        .random(resamples: 2_000, seed: DerivedSeed(1, "bootstrap", "pairwise").value)
    }

    private func rows(
        _ strengths: [Double], _ intervals: [ConfidenceInterval], gap: (Int, Int) -> ConfidenceInterval?
    ) -> JSONValue {
        let ids = ids
        let order = ids.indices.sorted { strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1 }
        return .array(
            order.map { index in
                let gap = index == order[0] ? nil : gap(order[0], index)
                return [
                    "version_id": .string(ids[index].text), "strength": .number(strengths[index]),
                    "interval": [.number(intervals[index].lower), .number(intervals[index].upper)],
                    "tied_with_first": .bool(gap.map { $0.lower <= 0 && $0.upper >= 0 } ?? true),
                ]
            })
    }

    private func matches(without unreliable: Set<String>) -> [[LengthMatch]] {
        let ids = ids
        var byCase: [String: [LengthMatch]] = [:]
        for record in records {
            guard let mine = ids.firstIndex(of: record.version), let other = ids.firstIndex(of: record.other) else {
                continue
            }
            for point in record.total(without: unreliable).points {
                let isWon = point.value >= 0.5
                byCase[point.testCase, default: []].append(
                    LengthMatch(
                        Match(winner: isWon ? mine : other, loser: isWon ? other : mine, isTie: point.value == 0.5),
                        logLengthGap: isWon ? point.logLengthGap : -point.logLengthGap))
            }
        }
        return byCase.sorted { bytewise($0.key, $1.key) }.map(\.value)
    }
}
