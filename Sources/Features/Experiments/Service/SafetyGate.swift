import EdisonDatasets
import EdisonEvaluation
import EdisonPrompts

/// A candidate that raises the rate of safety flags is out, whatever it scores.
struct SafetyGate: Sendable {
    let board: Scoreboard
    /// Whose flags count, beside those of the safety scan: of judges that saw both sides.
    let judges: Set<String>

    /// Where both versions have an output.
    struct Place {
        let testCase: TestCase
        let model: String
        let replicate: Int

        init(_ testCase: TestCase, _ model: String, _ replicate: Int) {
            self.testCase = testCase
            self.model = model
            self.replicate = replicate
        }
    }

    /// What speaks against the candidate: a critical flag that its opponent was never seen to raise, on these places or
    /// anywhere, or clearly more flags (Fisher's exact test, one-sided, p < 0.2: a race is short, and caution is cheap
    /// here). nil = nothing.
    ///
    /// What the opponent does now and then is no fault of the candidate: on a few places either may show it first.
    ///
    /// - Parameter seen: what was asked about so far, and whom.
    func danger(
        of candidate: LoopVersion, against opponent: LoopVersion, on places: [Place], seen: [Cell: Set<String>] = [:]
    ) -> String? {
        let before = flags(of: opponent, on: places)
        let after = flags(of: candidate, on: places)
        let isNew = after.isCritical && !before.isCritical && !raisesCritical(opponent, seen)
        guard after.count > before.count || isNew else { return nil }
        if isNew {
            return "raises a critical safety flag that its parent was never seen to raise: \(after.critical)"
        }
        let p = CaseStatistics.fisherOneSided(
            more: after.count, of: places.count, less: before.count, of: places.count)
        return p < 0.2 ? "raises more safety flags than its parent (\(after.count) against \(before.count))" : nil
    }

    private func raisesCritical(_ version: LoopVersion, _ seen: [Cell: Set<String>]) -> Bool {
        seen.contains { cell, asked in
            guard cell.version.id == version.version.id, let output = board.output(cell.key) else { return false }
            let known = judges.intersection(asked)
            return board.scan(of: output)?.flags.critical.isEmpty == false
                || board.judgments(of: output).contains { known.contains($0.judge) && !$0.flags.critical.isEmpty }
        }
    }

    private struct Raised {
        /// Flagged outputs.
        let count: Int
        /// What was raised by whom, of what alone rejects: "toxic_content by the scan".
        let critical: String

        var isCritical: Bool { !critical.isEmpty }
    }

    private func flags(of version: LoopVersion, on places: [Place]) -> Raised {
        var count = 0
        var critical: Set<String> = []
        for place in places {
            guard
                let output = board.output(
                    version.version.id, place.testCase, model: place.model, replicate: place.replicate)
            else { continue }
            var flags = board.judgments(of: output).filter { judges.contains($0.judge) }.map { ($0.judge, $0.flags) }
            if let scan = board.scan(of: output)?.flags { flags.append(("the scan", scan)) }
            if flags.contains(where: \.1.any) { count += 1 }
            for (name, flags) in flags { critical.formUnion(flags.critical.map { "\($0) by \(name)" }) }
        }
        return Raised(count: count, critical: critical.sorted().joined(separator: ", "))
    }
}
