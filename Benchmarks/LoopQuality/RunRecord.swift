import EdisonCore

/// What one run did, with the true quality of everything that it looked at.
struct RunRecord: Sendable {
    /// A candidate that was raced, and what it was really worth.
    struct Decision: Sendable {
        let iteration: Int
        let version: Int
        let opponent: Int
        let isAccepted: Bool
        /// The edits of two winners together.
        let isUnion: Bool
        let quality: Double
        /// The true gain over the incumbent that it ran against.
        let gain: Double
        /// The true gain of each of its edits: with it against without it.
        let edits: [Double]
        /// Model calls and executions that the run had made by then.
        let calls: Int
        let executions: Int
        let reason: String
        /// The paired differences that decided, replicates averaged.
        let differences: [Double]
    }

    let task: String
    let seed: Int
    let first: Double
    let reachable: Double
    var decisions: [Decision] = []
    /// The versions that were incumbents, in order; 1 is the first version.
    var incumbents: [Int] = [1]
    /// The true gain of each edit that the last incumbent carries.
    var standingEdits: [Double] = []
    var searchCalls = 0
    var calls = 0
    var isPromoted = false
    /// After each limit that ended the run.
    var promotions: [Bool] = []
    /// Versions that were tested.
    var tests = 0
    var stopReason = ""
    var ledger = CallLedger(searchJudge: "")
    var iterations = 0

    var accepted: [Decision] { decisions.filter(\.isAccepted) }
    var last: Double { quality(of: incumbents.last ?? 1) }

    func quality(of version: Int) -> Double {
        version == 1 ? first : decisions.first { $0.version == version }?.quality ?? first
    }

    /// Edits of a version without which it would be truly worse.
    func usefulEdits(of version: Int) -> Int? {
        decisions.first { $0.version == version }.map { $0.edits.count { $0 > 1e-9 } }
    }

    /// When an incumbent was first worth this share of what can be reached.
    func reached(_ share: Double) -> Decision? {
        incumbents.lazy.compactMap { number in decisions.first { $0.version == number } }
            .first { $0.quality >= share * reachable }
    }

    /// Whether the last incumbent stood for five iterations or more, short of 90 %, while three candidates or more that
    /// were really better ran against it and fell.
    var isFrozen: Bool {
        guard last < 0.9 * reachable, let number = incumbents.last else { return false }
        let since = decisions.first { $0.version == number }?.iteration ?? 0
        let fallen = decisions.count {
            $0.opponent == number && $0.iteration > since && !$0.isAccepted && $0.gain >= 0.02
        }
        return iterations - since >= 5 && fallen >= 3
    }

    var json: JSONValue {
        [
            "task": .string(task), "seed": .integer(Int64(seed)), "first": .number(first),
            "reachable": .number(reachable), "last": .number(last),
            "incumbents": .array(incumbents.map { .integer(Int64($0)) }),
            "standing": .array(standingEdits.map { .number($0) }), "search_calls": .integer(Int64(searchCalls)),
            "calls": .integer(Int64(calls)), "promoted": .bool(isPromoted), "stop_reason": .string(stopReason),
            "uses": .object(JSONObject(ledger.counts.map { ("\($0.key)", .integer(Int64($0.value))) })),
            "iterations": .integer(Int64(iterations)), "frozen": .bool(isFrozen),
            "decisions": .array(
                decisions.map { item in
                    [
                        "iteration": .integer(Int64(item.iteration)), "version": .integer(Int64(item.version)),
                        "opponent": .integer(Int64(item.opponent)), "accepted": .bool(item.isAccepted),
                        "quality": .number(item.quality), "gain": .number(item.gain),
                        "edits": .array(item.edits.map { .number($0) }), "calls": .integer(Int64(item.calls)),
                        "executions": .integer(Int64(item.executions)), "reason": .string(item.reason),
                        "differences": .array(item.differences.map { .number($0) }),
                    ]
                }),
        ]
    }
}
